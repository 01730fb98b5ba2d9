package io.slipway.project.archive;

import io.slipway.project.HeldBytes;
import io.slipway.project.InvalidProject;
import io.slipway.project.archive.EntryTable.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** A tar in any compression, read once from end to end, its contents deflated into the spool as they pass. */
record TarUpload(EntryTable entries) implements Upload {

    /** Maps each byte to one character, so that what the library decodes can be taken back and decoded strictly. */
    private static final String BYTE_FOR_BYTE = StandardCharsets.ISO_8859_1.name();

    private static final int BLOCK = 512;

    private static final int NO_MODE = 0;

    /** Programs on Windows have no other to give. */
    private static final int MODE_OF_WINDOWS = 0666;

    static Upload read(HeldBytes file, Compression compression, ReadBudget budget, Spool spool) throws IOException {
        try (UnpackedTar tar = new UnpackedTar(file, compression, budget)) {
            return new TarUpload(new Reader(tar, compression, budget, spool).readAll());
        }
    }

    @Override
    public boolean laterWins() {
        return true;
    }

    @Override
    public void close() {
        // Everything was read.
    }

    private static final class Reader {

        private final UnpackedTar unpacked;
        private final Compression compression;
        private final TarArchiveInputStream tar;
        private final ReadBudget budget;
        private final Spool spool;
        private final Litter litter = Litter.byNameAlone();
        private final EntryTable entries;
        private boolean any;
        private String header = "";

        Reader(UnpackedTar unpacked, Compression compression, ReadBudget budget, Spool spool) {
            this.unpacked = unpacked;
            this.compression = compression;
            this.budget = budget;
            this.spool = spool;
            entries = new EntryTable(budget);
            tar = new TarArchiveInputStream(unpacked, BLOCK * 20, BLOCK, BYTE_FOR_BYTE, false);
        }

        EntryTable readAll() throws IOException {
            for (TarArchiveEntry entry = next(); entry != null; entry = next()) {
                budget.entry();
                any = true;
                add(entry);
            }
            // The checksum of a compression stands at its very end.
            new UploadStream(unpacked, EntryPath.ROOT).transferTo(OutputStream.nullOutputStream());
            return entries;
        }

        private @Nullable TarArchiveEntry next() {
            unpacked.headerBegins();
            try {
                TarArchiveEntry entry = tar.getNextEntry();
                header = unpacked.headerEnds();
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
                header = unpacked.headerEnds();
                throw header.length() < BLOCK ? Upload.damaged("it ends inside the tar") : unreadableHeader();
            }
        }

        /** The first header is all there is to tell a tar by. */
        private InvalidProject unreadableHeader() {
            return !any
                    ? UploadFormat.noTarIn(compression, header)
                    : Upload.damaged("a header of the tar cannot be read");
        }

        private void add(TarArchiveEntry entry) throws IOException {
            TarNames names = new TarNames(header);
            String name = names.path(entry.getName());
            if (Litter.hasNoPath(name)) {
                return;
            }
            EntryPath path = EntryPath.of(name);
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
            InputStream in = new UploadStream(tar, path);
            if (litter.find(path.value()) != null) {
                in.transferTo(OutputStream.nullOutputStream());
                // Nobody will ask what is in it.
                entries.file(path, false);
                return;
            }
            // The holes of a sparse file never pass through gzip, so they are counted here.
            Content content = spool.deflate(in, read -> {
                if (entry.isSparse()) {
                    budget.unpacked(read, unpacked.compressedSoFar());
                }
            });
            entries.content(file(path, entry.getMode() & 0777), content);
        }

        private int file(EntryPath path, int mode) {
            return mode == NO_MODE || mode == MODE_OF_WINDOWS
                    ? entries.fileWithoutMode(path)
                    : entries.file(path, (mode & 0100) != 0);
        }
    }
}
