package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.archive.EntryTable.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** A tar.gz, read once from end to end, its contents deflated into the spool as they pass. */
record TarUpload(EntryTable entries) implements Upload {

    /** Maps each byte to one character, so that what the library decodes can be taken back and decoded strictly. */
    private static final String BYTE_FOR_BYTE = StandardCharsets.ISO_8859_1.name();

    private static final int BLOCK = 512;

    static Upload read(Path file, ReadBudget budget, Spool spool) throws IOException {
        try (GunzippedTar tar = new GunzippedTar(file, budget)) {
            return new TarUpload(new Reader(tar, budget, spool).readAll());
        }
    }

    @Override
    public void close() {
        // Everything was read.
    }

    private static final class Reader {

        private final GunzippedTar gunzipped;
        private final TarArchiveInputStream tar;
        private final ReadBudget budget;
        private final Spool spool;
        private final LeftOut leftOut = LeftOut.byNameAlone();
        private final EntryTable entries;
        private boolean any;
        private String header = "";

        Reader(GunzippedTar gunzipped, ReadBudget budget, Spool spool) {
            this.gunzipped = gunzipped;
            this.budget = budget;
            this.spool = spool;
            entries = new EntryTable(budget);
            tar = new TarArchiveInputStream(gunzipped, BLOCK * 20, BLOCK, BYTE_FOR_BYTE, false);
        }

        EntryTable readAll() throws IOException {
            for (TarArchiveEntry entry = next(); entry != null; entry = next()) {
                budget.entry();
                any = true;
                add(entry);
            }
            // gzip's checksum stands at its very end.
            new UploadStream(gunzipped, EntryPath.ROOT).transferTo(OutputStream.nullOutputStream());
            return entries;
        }

        private @Nullable TarArchiveEntry next() {
            gunzipped.headerBegins();
            try {
                TarArchiveEntry entry = tar.getNextEntry();
                header = gunzipped.headerEnds();
                // A tar that was written to its end has a block of zeros there.
                if (entry == null && header.length() < BLOCK && any) {
                    throw Upload.damaged("the tar has no end, as one that was cut off");
                }
                if (entry == null ? header.length() < BLOCK : !entry.isCheckSumOK()) {
                    throw unreadableHeader();
                }
                return entry;
            } catch (InvalidProject e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                header = gunzipped.headerEnds();
                throw header.length() < BLOCK ? Upload.damaged("it ends inside the tar") : unreadableHeader();
            }
        }

        /** The first header is all there is to tell a tar by. */
        private InvalidProject unreadableHeader() {
            return !any
                    ? new InvalidProject(
                            Problem.NOT_AN_ARCHIVE,
                            "The upload is a gzip file with no tar in it; send the project as .zip, .tar.gz or one .py file.")
                    : Upload.damaged("a header of the tar cannot be read");
        }

        private void add(TarArchiveEntry entry) throws IOException {
            TarNames names = new TarNames(header);
            EntryPath path = EntryPath.of(names.path(entry.getName()));
            if (path.isRoot()) {
                return;
            }
            if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
                throw Upload.special(path);
            }
            if (entry.isSymbolicLink()) {
                entries.link(path, Kind.SYMBOLIC_LINK, names.linkTarget(entry.getLinkName()));
            } else if (entry.isLink()) {
                entries.link(path, Kind.HARD_LINK, names.linkTarget(entry.getLinkName()));
            } else if (entry.isDirectory()) {
                entries.folder(path);
            } else {
                addFile(entry, path);
            }
        }

        private void addFile(TarArchiveEntry entry, EntryPath path) throws IOException {
            boolean executable = (entry.getMode() & 0100) != 0;
            InputStream in = new UploadStream(tar, path);
            if (leftOut.holds(path)) {
                in.transferTo(OutputStream.nullOutputStream());
                // Nobody will ask what is in it.
                entries.file(path, executable);
                return;
            }
            // The holes of a sparse file never pass through gzip, so they are counted here.
            Content content = spool.deflate(in, read -> {
                if (entry.isSparse()) {
                    budget.unpacked(read, gunzipped.compressedSoFar());
                }
            });
            entries.content(entries.file(path, executable), content);
        }
    }
}
