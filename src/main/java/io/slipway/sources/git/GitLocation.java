package io.slipway.sources.git;

import io.slipway.sources.SourceFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/**
 * What is wanted of a repository: {@code git+https://host/path@ref#subdirectory=folder}, as pip writes it.
 *
 * @param repository without a ref
 * @param ref a branch, a tag, a full ref, or a commit's id of at least 7 hex digits
 * @param subdirectory of the commit; empty for all of it
 */
record GitLocation(GitRepository repository, String ref, String subdirectory) {

    private static final String SCHEME = "git+";
    private static final Pattern URI =
            Pattern.compile("git\\+(https://[^#]*)@([^@#]+)(?:#subdirectory=([^#]+))?", Pattern.DOTALL);
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,40}");
    private static final int LONGEST = 1024;

    static boolean isOne(String uri) {
        return uri.startsWith(SCHEME);
    }

    /** @throws SourceFailure when it is none; the message holds nothing of it, since it may hold a secret */
    static GitLocation of(String uri) {
        GitRepository.requireNoUser(uri.substring(SCHEME.length()));
        Matcher parts = URI.matcher(uri);
        if (uri.length() > LONGEST || !parts.matches()) {
            throw invalid("A source in git is written git+https://host/repository@ref, with a branch, a tag or a commit"
                    + " for the ref, and #subdirectory=folder behind it for a part of the repository.");
        }
        String subdirectory = parts.group(3) == null ? "" : parts.group(3);
        return new GitLocation(
                GitRepository.of(parts.group(1)), requireRef(parts.group(2)), requireFolder(subdirectory));
    }

    private static String requireRef(String ref) {
        if (!Repository.isValidRefName(Constants.R_HEADS + ref) || ref.startsWith("-")) {
            throw invalid("The part behind the @ is no name of a branch or tag and no commit.");
        }
        return ref;
    }

    private static String requireFolder(String folder) {
        String path = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
        boolean isBad = !path.isEmpty()
                && (path.chars().anyMatch(Character::isISOControl)
                        || Arrays.stream(path.split("/", -1)).anyMatch(GitRepository::isNoName));
        if (isBad || (path.isEmpty() && !folder.isEmpty())) {
            throw invalid("The subdirectory is a path from the root of the repository, without empty segments, '.' and"
                    + " '..'.");
        }
        return path;
    }

    /** Whether the ref may be the id of a commit, or how one begins. */
    boolean mayBeCommit() {
        return COMMIT.matcher(ref).matches();
    }

    boolean isWholeCommit() {
        return mayBeCommit() && ref.length() == Constants.OBJECT_ID_STRING_LENGTH;
    }

    /** The refs that may be meant, as the server lists them. */
    List<String> fullRefs() {
        return ref.startsWith(Constants.R_REFS) || ref.equals(Constants.HEAD)
                ? List.of(ref)
                : List.of(Constants.R_TAGS + ref, Constants.R_HEADS + ref);
    }

    /** What a person might call it: the last folder, or the repository. */
    String name() {
        String path = subdirectory.isEmpty() ? repository.bare() : subdirectory;
        return path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    private static SourceFailure invalid(String message) {
        return new SourceFailure(SourceFailure.Kind.INVALID, message);
    }

    @Override
    public String toString() {
        return SCHEME + repository + "@" + ref + (subdirectory.isEmpty() ? "" : "#subdirectory=" + subdirectory);
    }
}
