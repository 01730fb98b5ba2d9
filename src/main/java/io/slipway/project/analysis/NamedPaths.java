package io.slipway.project.analysis;

import io.slipway.project.JobSpec;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.archive.ProjectFiles;
import java.util.Optional;

/**
 * Paths of the project as its owner sees them: who packed a folder {@code src} names {@code src/main.py}, also when that folder wrapped the
 * whole project and was taken off.
 *
 * @param wrapper the folders that were taken off, as a path; empty when there were none
 */
public record NamedPaths(String wrapper, ProjectFiles files) {

    public static NamedPaths of(ProjectArchive project) {
        return new NamedPaths(project.wrapper(), project.files());
    }

    /** The same wishes with the paths that these files have in the project. What is not there under either name is left as it is. */
    public JobSpec in(JobSpec spec) {
        return wrapper.isEmpty()
                ? spec
                : spec.naming(path -> isThere(path) ? path : below(path).orElse(path));
    }

    /** The path without the folders that were taken off, or the last of them, when there is such a file or folder; empty for the root itself. */
    Optional<String> below(String path) {
        String folder = wrapper;
        while (!folder.isEmpty()) {
            if (path.equals(folder)) {
                return Optional.of("");
            }
            if (path.startsWith(folder + "/") && isThere(path.substring(folder.length() + 1))) {
                return Optional.of(path.substring(folder.length() + 1));
            }
            int slash = folder.indexOf('/');
            folder = slash < 0 ? "" : folder.substring(slash + 1);
        }
        return Optional.empty();
    }

    private boolean isThere(String path) {
        return files.hasFile(path) || files.hasFolder(path);
    }
}
