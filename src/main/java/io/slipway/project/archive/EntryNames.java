package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What the bytes of a name say. Zip knows three ways to write one and tools get each of them wrong, so the order matters. */
public final class EntryNames {

    /** What a zip without any mark is in by the format's own rule; it decodes every byte. */
    private static final Charset CP437 = Charset.forName("IBM437");

    /** Number of the extra field in APPNOTE.TXT 4.6.9: a version, the checksum of the plain name, the name in UTF-8. */
    private static final int UNICODE_PATH = 0x7075;

    private EntryNames() {}

    static String ofZip(ZipEntryHeader entry) {
        byte[] raw = entry.name();
        if (entry.isUtf8()) {
            return utf8(raw).orElseThrow(() -> undecodable(raw));
        }
        byte[] unicode = unicode(entry);
        if (unicode != null) {
            return utf8(unicode).orElseThrow(() -> undecodable(raw));
        }
        return utf8(raw).orElseGet(() -> new String(raw, CP437));
    }

    /** Info-ZIP's second spelling of the name, which counts only for the first that it was made of. */
    private static byte @Nullable [] unicode(ZipEntryHeader entry) {
        ByteBuffer field = entry.field(UNICODE_PATH);
        if (field == null || field.remaining() < 5 || field.get(0) != 1 || field.getInt(1) != (int) crc(entry.name())) {
            return null;
        }
        byte[] name = new byte[field.remaining() - 5];
        field.get(5, name);
        return name;
    }

    /** Strictly: a byte that is not UTF-8 makes it empty, where Java's own decoding would put a question mark. */
    public static Optional<String> utf8(byte[] raw) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    static InvalidProject undecodable(byte[] raw) {
        return new InvalidProject(
                Problem.UNREADABLE_NAME,
                "The name %s is not UTF-8; rename the file or pack the project with a tool that writes UTF-8 names."
                        .formatted(Printable.quoted(new String(raw, StandardCharsets.ISO_8859_1))));
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
