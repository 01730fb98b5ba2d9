package io.slipway.project;

/** Names from an upload as they may stand in a message: no control or invisible characters, never longer than a line. */
public final class Printable {

    private static final int LONGEST = 200;

    private Printable() {}

    public static String of(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(character -> append(printable, character));
        if (text.codePointCount(0, text.length()) > LONGEST) {
            printable.append('…');
        }
        return printable.toString();
    }

    /** The same in single quotes. */
    public static String quoted(String text) {
        return "'" + of(text) + "'";
    }

    private static void append(StringBuilder printable, int character) {
        if (isVisible(character)) {
            printable.appendCodePoint(character);
        } else {
            printable.append(String.format("\\u%04x", character));
        }
    }

    public static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
