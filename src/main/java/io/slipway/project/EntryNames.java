package io.slipway.project;

import io.slipway.project.InvalidProject.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.UnicodePathExtraField;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/** What the bytes of a name say. Zip knows three ways to write one and tools get each of them wrong, so the order matters. */
final class EntryNames {

    /** What a zip without any mark is in by the format's own rule; it decodes every byte. */
    private static final Charset CP437 = Charset.forName("IBM437");

    private EntryNames() {}

    static String ofZip(ZipArchiveEntry entry) {
        byte[] raw = entry.getRawName();
        if (entry.getGeneralPurposeBit().usesUTF8ForNames()) {
            return utf8(raw).orElseThrow(() -> undecodable(raw));
        }
        if (entry.getExtraField(UnicodePathExtraField.UPATH_ID) instanceof UnicodePathExtraField unicode
                && unicode.getNameCRC32() == crc(raw)) {
            return utf8(unicode.getUnicodeName()).orElseThrow(() -> undecodable(raw));
        }
        return utf8(raw).orElseGet(() -> new String(raw, CP437));
    }

    /** Strictly: a byte that is not UTF-8 makes it empty, where Java's own decoding would put a question mark. */
    static Optional<String> utf8(byte[] raw) {
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
