package io.slipway.api;

import io.slipway.project.InvalidProject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of a part, in the charset that its Content-Type names. Nothing is replaced: what cannot be read is told. */
final class PartText {

    private static final Pattern CHARSET =
            Pattern.compile("(?i)(?:^|;)\\s*charset\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]*))");

    private PartText() {}

    /**
     * @param type the part's Content-Type; {@code null} when it has none
     * @param ofForm the charset of parts that name none, as the field {@code _charset_} of the form says
     */
    static String of(String field, byte[] bytes, @Nullable String type, @Nullable String ofForm) {
        String named = charset(type);
        String name = named == null ? ofForm : named;
        Charset charset = name == null ? byMark(bytes) : known(field, name);
        try {
            return withoutMark(
                    charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException undecodable) {
            throw invalid(
                    field,
                    "is not " + charset.name() + " text. "
                            + (name == null
                                    ? "Send it as UTF-8, or name its charset in the part's Content-Type, such as text/plain; charset=ISO-8859-1."
                                    : "Send it in the charset that its Content-Type names, or better as UTF-8."));
        }
    }

    private static @Nullable String charset(@Nullable String type) {
        Matcher charset = CHARSET.matcher(type == null ? "" : type);
        if (!charset.find()) {
            return null;
        }
        return charset.group(1) == null ? charset.group(2) : charset.group(1);
    }

    private static Charset known(String field, String name) {
        try {
            return Charset.forName(name.strip());
        } catch (IllegalArgumentException unknown) {
            throw invalid(
                    field,
                    "is in the charset '" + LongText.shown(name) + "', which nobody knows here; send it as UTF-8.");
        }
    }

    /** PowerShell writes JSON as UTF-16 with a mark at its begin. */
    private static Charset byMark(byte[] bytes) {
        boolean isUtf16 = bytes.length >= 2
                && (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF
                        || bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE);
        return isUtf16 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static InvalidProject invalid(String field, String message) {
        String at = LongText.shown(field);
        return new InvalidProject(
                InvalidProject.Problem.INVALID_SPEC,
                at + " " + message,
                List.of(new InvalidProject.Detail(at, message)));
    }
}
