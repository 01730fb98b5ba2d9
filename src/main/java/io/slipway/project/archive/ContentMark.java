package io.slipway.project.archive;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a file when it was read: its SHA-256 and its beginning, as an extra field in the table of contents of the zip
 * that was written then. It is believed only in a zip that our own store kept, and only when all of them make the project's id.
 */
final class ContentMark {

    /** With the number and the length in front. */
    static final int LENGTH = 4 + 32 + 1;

    /** No number of APPNOTE.TXT 4.5.2, nor one of those that tools are known to use. */
    private static final int NUMBER = 0x7053;

    private ContentMark() {}

    static void write(Content content, ByteBuffer extra) {
        if (!content.sha256().isEmpty()) {
            extra.putShort((short) NUMBER).putShort((short) (LENGTH - 4));
            extra.put(HexFormat.of().parseHex(content.sha256()));
            extra.put((byte) content.beginning().ordinal());
        }
    }

    /** The content with what was found out of it; {@code null} when the entry has no mark. */
    static @Nullable Content read(ZipEntryHeader entry, Content announced) {
        ByteBuffer mark = entry.field(NUMBER);
        if (mark == null || mark.remaining() != LENGTH - 4) {
            return null;
        }
        byte[] sha256 = new byte[32];
        mark.get(sha256);
        int beginning = mark.get();
        if (beginning < 0 || beginning >= Beginning.values().length) {
            return null;
        }
        return new Content(
                announced.method(),
                announced.size(),
                announced.compressedSize(),
                announced.crc(),
                HexFormat.of().formatHex(sha256),
                Beginning.values()[beginning],
                announced.source(),
                announced.at());
    }
}
