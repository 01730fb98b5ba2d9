package io.slipway.project.archive;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The names of one tar entry as they were written. The library decodes them by one charset, except in pax records, which are always
 * UTF-8, and takes leading slashes off long ones; the header's own bytes tell which it was.
 */
record TarNames(String header) {

    private static final Pattern PAX_PATH = Pattern.compile("[0-9] path=");
    private static final Pattern PAX_LINK = Pattern.compile("[0-9] linkpath=");

    String path(String decoded) {
        String name = strict(decoded, PAX_PATH);
        return wasAbsolute(name) ? "/" + name : name;
    }

    String linkTarget(String decoded) {
        return strict(decoded, PAX_LINK);
    }

    private String strict(String decoded, Pattern pax) {
        if (pax.matcher(header).find()) {
            return decoded;
        }
        byte[] raw = decoded.getBytes(StandardCharsets.ISO_8859_1);
        return EntryNames.utf8(raw).orElseThrow(() -> EntryNames.undecodable(raw));
    }

    private boolean wasAbsolute(String name) {
        if (name.isEmpty()) {
            return false;
        }
        String written = "/" + new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        for (int at = header.indexOf(written); at >= 0; at = header.indexOf(written, at + 1)) {
            if (at == 0 || "=\0/".indexOf(header.charAt(at - 1)) >= 0) {
                return true;
            }
        }
        return false;
    }
}
