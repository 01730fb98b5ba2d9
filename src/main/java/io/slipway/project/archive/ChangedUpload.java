package io.slipway.project.archive;

import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import io.slipway.project.Printable;
import io.slipway.project.RandomBytes;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stored project with changes: the files that a manifest lists, each with a content of the stored project or of the archive that came.
 * Contents are found by their own SHA-256, never by what somebody says of them.
 */
final class ChangedUpload implements Upload {

    /** Around everything, as clients pack it: it is taken off again, and so no folder of the project's own. */
    private static final EntryPath WRAPPER = new EntryPath("p");

    /** Of entries: the base's, those of the changes, and those of the project that is made. */
    static final int TABLES = 3;

    private final ZipUpload base;
    private final EntryTable entries;
    private final ReadBudget budget;
    private final KnownContents contents;
    private long compressed;
    private @Nullable ArtifactId wantedId;

    private ChangedUpload(ZipUpload base, KnownContents contents, ReadBudget budget) {
        this.base = base;
        this.contents = contents;
        this.budget = budget;
        this.entries = new EntryTable(budget);
    }

    static ChangedUpload open(
            HeldBytes base,
            ArtifactId baseId,
            HeldBytes manifest,
            @Nullable HeldBytes changes,
            ReadBudget budget,
            Spool spool,
            ArchiveLimits limits,
            InspectionMemory.Share memory)
            throws IOException {
        // Each table is within the limits for itself: the largest project can be changed, too. The changes come first,
        // since what
        // their decompressor needs is taken before anything large.
        KnownContents contents = new KnownContents();
        if (changes != null) {
            takeChanges(changes, new ReadBudget(limits, memory), spool, contents);
        }
        ChangedUpload upload = new ChangedUpload(stored(base, baseId, limits, memory, spool), contents, budget);
        try {
            takeBase(upload.base, contents);
            upload.wantedId = new ArtifactId(WrittenManifest.read(manifest, upload::add));
            return upload;
        } catch (IOException | RuntimeException | Error e) {
            upload.close();
            throw e;
        }
    }

    /** With every content read, or believed because all of them make the id. */
    private static ZipUpload stored(
            HeldBytes base, ArtifactId baseId, ArchiveLimits limits, InspectionMemory.Share memory, Spool spool)
            throws IOException {
        ReadBudget budget = new ReadBudget(limits, memory);
        ZipUpload believed = ZipUpload.stored(base, budget, spool);
        ProjectTree tree = ProjectTree.of(believed, budget);
        if (tree.files().allMatch(tree.table()::isRead) && Manifest.id(tree).equals(baseId)) {
            return believed;
        }
        believed.close();
        return ZipUpload.open(base, new ReadBudget(limits, memory), spool);
    }

    /** The id that the manifest makes. */
    ArtifactId wantedId() {
        return Objects.requireNonNull(wantedId, "open() sets it");
    }

    private static void takeBase(ZipUpload stored, KnownContents contents) throws IOException {
        EntryTable table = stored.entries();
        for (int row : table.live().filter(table::isFile).toArray()) {
            if (!table.isRead(row)) {
                table.content(row, stored.read(row));
            }
        }
        contents.take(table);
    }

    /** By raw copy, so that everything lies in the base or in the spool. */
    private static void takeChanges(HeldBytes changes, ReadBudget ofChanges, Spool spool, KnownContents contents)
            throws IOException {
        try (Upload sent = Upload.open(changes, "changes.zip", ofChanges, spool)) {
            EntryTable table = sent.entries();
            for (int row : table.live().filter(table::isFile).toArray()) {
                Content content = table.isRead(row) ? table.content(row) : sent.read(row);
                RandomBytes bytes = sent.bytes();
                table.content(
                        row,
                        bytes == null || content.source() == Content.Source.SPOOL
                                ? content
                                : spool.copy(bytes, content));
            }
            contents.take(table);
        }
    }

    private void add(WrittenManifest.Line line) throws IOException {
        budget.entry();
        EntryPath path = new EntryPath(WRAPPER.value() + "/" + line.path().value());
        if (line.isFolder()) {
            entries.folder(path);
            return;
        }
        Content content = contents.find(line.sha256());
        if (content == null || content.size() != line.size()) {
            throw WrittenManifest.wrong("neither the stored project nor the changes hold the content of "
                    + Printable.quoted(line.path().value()));
        }
        // As if all of it had been sent: a line costs a sender next to nothing.
        compressed += content.compressedSize();
        budget.unpacked(Math.max(content.size(), content.compressedSize()), compressed);
        entries.content(entries.file(path, line.executable()), content);
    }

    @Override
    public EntryTable entries() {
        return entries;
    }

    @Override
    public RandomBytes bytes() {
        return base.bytes();
    }

    @Override
    public void close() throws IOException {
        base.close();
    }
}
