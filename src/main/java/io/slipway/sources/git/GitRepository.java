package io.slipway.sources.git;

import io.slipway.sources.SourceFailure;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository, or with a shorter path all repositories under it.
 *
 * @param host in lower case
 * @param port 443 where none was named
 * @param path without slashes at its ends; empty for all of the host
 */
record GitRepository(String host, int port, String path) {

    private static final int HTTPS = 443;
    private static final String ENDING = ".git";
    private static final Pattern URL =
            Pattern.compile("https://([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(\\d{1,5}))?(?:/(.*))?");

    /** No escapes, so that a path has one way to be written. */
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._~+-]+");

    /** Before anything else is looked at, so that no message and no log has it. */
    static void requireNoUser(String url) {
        int from = url.indexOf("://") + 3;
        int to = url.indexOf('/', from);
        if (from > 2 && url.substring(from, to < 0 ? url.length() : to).contains("@")) {
            throw invalid("The URL of a repository has no user, password or token in it. An operator names the token in"
                    + " slipway.sources.git.allow; change the one that you have just sent, since it may be in logs.");
        }
    }

    /** @throws SourceFailure when it is not {@code https://host/path} */
    static GitRepository of(String url) {
        requireNoUser(url);
        Matcher parts = URL.matcher(url);
        String path = parts.matches() && parts.group(3) != null ? withoutSlash(parts.group(3)) : "";
        if (!parts.matches() || !isPath(path)) {
            throw invalid(
                    "A repository is written https://host/path: a host's name, and a path of letters, digits and '.',"
                            + " '_', '~', '+', '-', without '.' and '..' as segments. Other ways than https are not"
                            + " taken.");
        }
        int port = parts.group(2) == null ? HTTPS : Integer.parseInt(parts.group(2));
        return new GitRepository(parts.group(1).toLowerCase(Locale.ROOT), port, path);
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static boolean isPath(String path) {
        return path.isEmpty()
                || Arrays.stream(path.split("/", -1))
                        .allMatch(segment -> SEGMENT.matcher(segment).matches() && !isNoName(segment));
    }

    /** Whether a segment of a path is no name of a file or folder. */
    static boolean isNoName(String segment) {
        return segment.isEmpty() || segment.equals(".") || segment.equals("..");
    }

    /** Whether the other one is this, or lies under it by whole segments; {@code .git} at an end makes no difference. */
    boolean covers(GitRepository other) {
        return isHost(other.host, other.port)
                && (path.isEmpty() || other.bare().equals(bare()) || other.path.startsWith(path + "/"));
    }

    boolean isHost(String name, int at) {
        return host.equalsIgnoreCase(name) && port == (at < 0 ? HTTPS : at);
    }

    /** The path without {@code .git} at its end. */
    String bare() {
        return path.endsWith(ENDING) && !path.equals(ENDING)
                ? path.substring(0, path.length() - ENDING.length())
                : path;
    }

    private static SourceFailure invalid(String message) {
        return new SourceFailure(SourceFailure.Kind.INVALID, message);
    }

    @Override
    public String toString() {
        return "https://" + host + (port == HTTPS ? "" : ":" + port) + "/" + path;
    }
}
