package io.slipway.web;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A printed line with the colours that its escape sequences ask for. A line begins without any: what an earlier line left switched on
 * would colour the rest of a log. Sequences that move a terminal's cursor are left out. The log viewer's script does the same
 * ({@code log-colours.js}).
 */
final class AnsiText {

    private static final Pattern SEQUENCE = Pattern.compile(
            "\\x1b(?:\\[([0-9;:]*)([\\x20-\\x2f]*[@-~])|\\[[^@-~]*[@-~]?|\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)?|[@-Z\\\\^_]?)");

    private static final List<String> COLOURS =
            List.of("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white");

    private AnsiText() {}

    /** @param css names of classes; {@code null} for text that looks like all other */
    record Piece(String text, @Nullable String css) {}

    static List<Piece> of(String line) {
        if (line.indexOf('\u001b') < 0) {
            return List.of(new Piece(line, null));
        }
        List<Piece> pieces = new ArrayList<>();
        Look look = new Look(null, false, false, false);
        Matcher sequences = SEQUENCE.matcher(line);
        int from = 0;
        while (sequences.find()) {
            add(pieces, line.substring(from, sequences.start()), look);
            from = sequences.end();
            if ("m".equals(sequences.group(2))) {
                look = look.after(sequences.group(1));
            }
        }
        add(pieces, line.substring(from), look);
        return pieces;
    }

    private static void add(List<Piece> pieces, String text, Look look) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(text, look.css()));
        }
    }

    private record Look(@Nullable String colour, boolean bold, boolean dim, boolean underlined) {

        private static final Look PLAIN = new Look(null, false, false, false);

        Look after(String codes) {
            Look look = this;
            String[] all = codes.split("[;:]", -1);
            for (int at = 0; at < all.length; at++) {
                int code = number(all[at]);
                if (code == 38 || code == 48) {
                    boolean isOfPalette = at + 2 < all.length && number(all[at + 1]) == 5;
                    if (code == 38 && isOfPalette && number(all[at + 2]) < 16) {
                        look = look.in(COLOURS.get(number(all[at + 2]) % 8));
                    }
                    at += isOfPalette ? 2 : 4;
                } else {
                    look = look.with(code);
                }
            }
            return look;
        }

        private Look with(int code) {
            if (code >= 30 && code <= 37 || code >= 90 && code <= 97) {
                return in(COLOURS.get(code % 10));
            }
            return switch (code) {
                case 0 -> PLAIN;
                case 1 -> new Look(colour, true, dim, underlined);
                case 2 -> new Look(colour, bold, true, underlined);
                case 4 -> new Look(colour, bold, dim, true);
                case 22 -> new Look(colour, false, false, underlined);
                case 24 -> new Look(colour, bold, dim, false);
                case 39 -> in(null);
                default -> this;
            };
        }

        private Look in(@Nullable String wanted) {
            return new Look(wanted, bold, dim, underlined);
        }

        private static int number(String text) {
            return text.isEmpty() ? 0 : text.length() > 3 ? -1 : Integer.parseInt(text);
        }

        @Nullable
        String css() {
            List<String> names = new ArrayList<>();
            if (colour != null) {
                names.add("ansi-" + colour);
            }
            if (bold) {
                names.add("ansi-bold");
            }
            if (dim) {
                names.add("ansi-dim");
            }
            if (underlined) {
                names.add("ansi-underlined");
            }
            return names.isEmpty() ? null : String.join(" ", names);
        }
    }
}
