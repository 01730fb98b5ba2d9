package io.slipway.project.archive;

import io.slipway.project.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.deflate64.Deflate64CompressorInputStream;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.LZMAInputStream;

/**
 * Methods of a zip beside plain deflate (APPNOTE.TXT 4.4.5), whose entries are deflated anew. Windows packs large files by the first;
 * Python's zipfile, 7-Zip and WinZip offer the others.
 */
final class ZipMethods {

    private static final int DEFLATE64 = ZipMethod.ENHANCED_DEFLATED.getCode();
    private static final int BZIP2 = ZipMethod.BZIP2.getCode();
    private static final int LZMA = 14;
    private static final int ZSTD = 93;
    private static final int XZ = 95;

    private static final int LZMA_PROPERTIES = 5;
    private static final int SMALL = 8;

    private final ArrayCache windows = new Compression.OneWindow();

    /** What is held while an entry of the method is unpacked; 0 for next to nothing. */
    static int megabytes(int method) {
        if (method == LZMA || method == ZSTD || method == XZ) {
            return Compression.XZ.megabytes();
        }
        return method == DEFLATE64 || method == BZIP2 ? SMALL : 0;
    }

    static boolean isRead(int method) {
        return megabytes(method) > 0;
    }

    InputStream unpacked(Content announced, InputStream raw, EntryPath path) {
        try {
            int method = announced.method();
            if (method == BZIP2) {
                return new BZip2CompressorInputStream(raw);
            }
            if (method == DEFLATE64) {
                return new Deflate64CompressorInputStream(raw);
            }
            return new Compression.Windowed(
                    method == LZMA
                            ? lzma(raw, announced.size())
                            : method == XZ ? Compression.xz(raw, windows) : Compression.zstdOf(raw));
        } catch (IOException | IllegalArgumentException e) {
            throw Upload.damaged(Printable.quoted(path.value()) + " cannot be unpacked");
        }
    }

    /** A version, the length of the properties, the properties (APPNOTE.TXT 5.8.8), and the stream. */
    private InputStream lzma(InputStream raw, long size) throws IOException {
        byte[] header = raw.readNBytes(4 + LZMA_PROPERTIES);
        if (header.length < 4 + LZMA_PROPERTIES || header[2] != LZMA_PROPERTIES) {
            throw new EOFException("no header of LZMA");
        }
        int dictionary = 0;
        for (int i = 0; i < 4; i++) {
            dictionary |= (header[5 + i] & 0xFF) << 8 * i;
        }
        if (dictionary < 0 || dictionary > Compression.LARGEST_WINDOW << 20) {
            throw Compression.windowTooLarge();
        }
        LZMAInputStream in = new LZMAInputStream(raw, size, header[4], dictionary, null, windows);
        in.enableRelaxedEndCondition();
        return in;
    }
}
