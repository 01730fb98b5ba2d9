package io.slipway.project.archive;

/** What the first bytes of a file tell of it. */
enum Beginning {
    ANY,
    /** {@code #!} or an ELF program: Linux starts it when it has the execute bit. */
    PROGRAM,
    /** {@code #!} on a line that Windows ended: Linux looks for an interpreter whose name ends with a carriage return. */
    SCRIPT_OF_WINDOWS,
    /** Text as PowerShell's {@code >} writes it. */
    UTF_16;

    /** So many bytes are looked at; the line of an interpreter is rarely longer. */
    static final int LENGTH = 128;

    static Beginning of(byte[] bytes, int length) {
        if (starts(bytes, length, 0xFF, 0xFE) || starts(bytes, length, 0xFE, 0xFF)) {
            return UTF_16;
        }
        if (starts(bytes, length, '#', '!')) {
            return endsLikeWindows(bytes, length) ? SCRIPT_OF_WINDOWS : PROGRAM;
        }
        return starts(bytes, length, 0x7F, 'E', 'L', 'F') ? PROGRAM : ANY;
    }

    boolean isProgram() {
        return this == PROGRAM || this == SCRIPT_OF_WINDOWS;
    }

    private static boolean starts(byte[] bytes, int length, int... wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (i >= length || (bytes[i] & 0xFF) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsLikeWindows(byte[] bytes, int length) {
        for (int i = 1; i < length; i++) {
            if (bytes[i] == '\n') {
                return bytes[i - 1] == '\r';
            }
        }
        return false;
    }
}
