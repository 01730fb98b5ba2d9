package io.slipway.api;

/** What a client sent, as it may stand in a message: a line at most, without characters that cannot be seen. */
final class LongText {

    private static final int LONGEST = 100;

    private LongText() {}

    static String shown(String text) {
        String line = text.codePoints()
                .limit(LONGEST)
                .map(each ->
                        Character.isISOControl(each) || Character.getType(each) == Character.SURROGATE ? '?' : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return text.codePointCount(0, text.length()) > LONGEST ? line + "…" : line;
    }
}
