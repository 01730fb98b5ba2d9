package io.slipway.project;

import io.slipway.project.InvalidProject.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A zip, as its central directory tells it. Local headers are used only to find where the data begins, so that a second name or size
 * hidden there means nothing.
 */
final class ZipUpload implements Upload {

    /** Host systems whose upper half of the external attributes is a Unix mode: Unix and, as some tools write, OS X. */
    private static final List<Integer> UNIX_HOSTS = List.of(ZipArchiveEntry.PLATFORM_UNIX, 19);

    private final ZipFile zip;
    private final boolean normalised;
    private final ZipContents contents;
    private final List<UploadEntry> entries = new ArrayList<>();

    private ZipUpload(ZipFile zip, boolean normalised, ZipContents contents) {
        this.zip = zip;
        this.normalised = normalised;
        this.contents = contents;
    }

    static Upload open(Path file, ReadBudget budget, Spool spool) throws IOException {
        long size = Files.size(file);
        boolean normalised = ProjectZip.isNormalised(file);
        ZipFile zip = open(file, budget);
        try {
            ZipUpload upload = new ZipUpload(zip, normalised, new ZipContents(zip, size, budget, spool));
            upload.list(size, budget);
            return upload;
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static ZipFile open(Path file, ReadBudget budget) throws IOException {
        BoundedDirectoryChannel channel = new BoundedDirectoryChannel(Files.newByteChannel(file), budget);
        try {
            ZipFile zip = ZipFile.builder()
                    .setSeekableByteChannel(channel)
                    .setCharset(StandardCharsets.UTF_8)
                    .setUseUnicodeExtraFields(false)
                    .setIgnoreLocalFileHeader(true)
                    .get();
            channel.opened();
            return zip;
        } catch (InvalidProject e) {
            channel.close();
            throw e;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw Upload.damaged("the table of contents at the end of the zip is missing or wrong");
        }
    }

    private void list(long uploadSize, ReadBudget budget) throws IOException {
        long compressed = 0;
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            budget.entry();
            compressed += Math.max(0, entry.getCompressedSize());
            if (compressed > uploadSize) {
                throw Upload.damaged("its entries claim more bytes than the file has");
            }
            String name = EntryNames.ofZip(entry).replace('\\', '/');
            EntryPath path = EntryPath.of(name);
            if (entry.getGeneralPurposeBit().usesEncryption()) {
                throw encrypted(path);
            }
            if (!path.isRoot()) {
                entries.add(toEntry(entry, path, name.endsWith("/")));
            }
        }
    }

    private UploadEntry toEntry(ZipArchiveEntry entry, EntryPath path, boolean folder) throws IOException {
        int mode = unixMode(entry);
        int type = mode & UnixStat.FILE_TYPE_FLAG;
        if (folder || type == UnixStat.DIR_FLAG) {
            return UploadEntry.folder(path);
        }
        if (type == UnixStat.LINK_FLAG) {
            return UploadEntry.link(path, UploadEntry.Kind.SYMBOLIC_LINK, contents.linkTarget(entry, path));
        }
        if (type != 0 && type != UnixStat.FILE_FLAG) {
            throw Upload.special(path);
        }
        return UploadEntry.file(path, (mode & 0100) != 0, () -> contents.read(entry, path));
    }

    private static int unixMode(ZipArchiveEntry entry) {
        boolean unix = UNIX_HOSTS.contains(entry.getPlatform());
        return unix ? (int) (entry.getExternalAttributes() >> 16) & 0xFFFF : 0;
    }

    private static InvalidProject encrypted(EntryPath path) {
        return new InvalidProject(
                Problem.ENCRYPTED_ARCHIVE,
                "%s is encrypted; pack the project again without a password."
                        .formatted(Printable.quoted(path.value())));
    }

    @Override
    public List<UploadEntry> entries() {
        return Collections.unmodifiableList(entries);
    }

    @Override
    public boolean isNormalised() {
        return normalised;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
