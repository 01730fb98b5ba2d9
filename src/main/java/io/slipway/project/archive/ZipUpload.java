package io.slipway.project.archive;

import io.slipway.project.Finding;
import io.slipway.project.HeldBytes;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import io.slipway.project.RandomBytes;
import io.slipway.project.archive.Content.Source;
import io.slipway.project.archive.EntryTable.Kind;
import java.io.IOException;
import java.util.List;
import org.apache.commons.compress.archivers.zip.UnixStat;

/**
 * A zip, as its central directory tells it. Local headers are used only to find where the data begins, so that a second name or size
 * hidden there means nothing.
 */
final class ZipUpload implements Upload {

    private static final int MODE_OF_TEXTS = 0600;

    private final RandomBytes file;
    private final boolean normalised;
    private final boolean believed;
    private final ReadBudget budget;
    private final EntryTable entries;
    private final ZipContents contents;
    private CodePage unmarkedNames = CodePage.ORIGINAL;
    private List<Finding> findings = List.of();
    private long compressed;

    private ZipUpload(RandomBytes file, boolean normalised, boolean believed, ReadBudget budget, Spool spool)
            throws IOException {
        this.file = file;
        this.normalised = normalised;
        this.believed = believed;
        this.budget = budget;
        this.entries = new EntryTable(budget);
        this.contents = new ZipContents(file, budget, spool);
    }

    static ZipUpload open(HeldBytes held, ReadBudget budget, Spool spool) throws IOException {
        return open(held, false, budget, spool);
    }

    /** One that our own store kept: what stands in its table of contents was found out by us, where it stands there. */
    static ZipUpload stored(HeldBytes held, ReadBudget budget, Spool spool) throws IOException {
        return open(held, true, budget, spool);
    }

    private static ZipUpload open(HeldBytes held, boolean believed, ReadBudget budget, Spool spool) throws IOException {
        RandomBytes file = held.random();
        try {
            boolean normalised = ProjectZip.isNormalised(file);
            ZipUpload upload = new ZipUpload(file, normalised, believed && normalised, budget, spool);
            upload.list();
            return upload;
        } catch (IOException | RuntimeException e) {
            budget.noWindow();
            file.close();
            throw e;
        }
    }

    private void list() throws IOException {
        try {
            ZipDirectory directory = ZipDirectory.of(file);
            if (!normalised) {
                survey(directory);
            }
            directory.forEach(this::add);
        } catch (InvalidProject | InspectionsBusy e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw Upload.damaged("the table of contents at the end of the zip is missing or wrong");
        }
    }

    private void survey(ZipDirectory directory) throws IOException {
        ZipSurvey survey = ZipSurvey.of(directory, file, budget);
        budget.window(survey.megabytes());
        unmarkedNames = survey.codePage();
        Finding finding = survey.finding();
        findings = finding == null ? List.of() : List.of(finding);
    }

    private void add(ZipEntryHeader entry) throws IOException {
        String name = EntryNames.ofZip(entry, unmarkedNames).replace('\\', '/');
        count(entry, name);
        if (Litter.hasNoPath(name)) {
            return;
        }
        EntryPath path = EntryPath.of(name);
        if (entry.isEncrypted()) {
            throw encrypted(path);
        }
        if (!path.isRoot()) {
            add(entry, path, name.endsWith("/"));
        }
    }

    private void count(ZipEntryHeader entry, String name) throws IOException {
        // A project was counted when it came, and its folders had no entries then.
        if (normalised && name.endsWith("/")) {
            budget.impliedFolder();
        } else {
            budget.entry();
        }
        compressed += entry.compressedSize();
        if (compressed > file.size() || compressed < 0) {
            throw Upload.damaged("its entries claim more bytes than the file has");
        }
    }

    private void add(ZipEntryHeader entry, EntryPath path, boolean folder) throws IOException {
        int mode = entry.unixMode();
        int type = mode & UnixStat.FILE_TYPE_FLAG;
        if (folder || type == UnixStat.DIR_FLAG) {
            entries.folder(path);
        } else if (type == UnixStat.LINK_FLAG) {
            entries.link(path, Kind.SYMBOLIC_LINK, contents.linkTarget(announced(entry), path));
        } else if (type == 0 || type == UnixStat.FILE_FLAG) {
            int row = hasMode(mode) ? entries.file(path, (mode & 0100) != 0) : entries.fileWithoutMode(path);
            entries.content(row, believed ? marked(entry, path) : announced(entry));
        } else {
            throw Upload.special(path);
        }
    }

    /** Python's zipfile writes the other when it packs texts, which have no mode of their own. */
    private static boolean hasMode(int mode) {
        return mode != 0 && mode != MODE_OF_TEXTS;
    }

    private Content marked(ZipEntryHeader entry, EntryPath path) throws IOException {
        Content announced = announced(entry);
        Content marked = ContentMark.read(entry, announced);
        return marked == null ? announced : contents.found(marked, path, file.size());
    }

    static Content announced(ZipEntryHeader entry) {
        return new Content(
                entry.method(),
                entry.size(),
                entry.compressedSize(),
                entry.crc(),
                "",
                Beginning.ANY,
                Source.UPLOAD,
                entry.at());
    }

    private static InvalidProject encrypted(EntryPath path) {
        return new InvalidProject(
                Problem.ENCRYPTED_ARCHIVE,
                "%s is encrypted; pack the project again without a password."
                        .formatted(Printable.quoted(path.value())));
    }

    @Override
    public EntryTable entries() {
        return entries;
    }

    @Override
    public boolean isNormalised() {
        return normalised;
    }

    @Override
    public Content read(int row) throws IOException {
        return contents.read(entries.content(row), new EntryPath(entries.path(row)));
    }

    @Override
    public List<Finding> findings() {
        return findings;
    }

    @Override
    public RandomBytes bytes() {
        return file;
    }

    @Override
    public void close() throws IOException {
        budget.noWindow();
        file.close();
    }
}
