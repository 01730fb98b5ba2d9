package io.slipway.project.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the analyser is asked, as it reads it from a file: names of a project can have any character and there can be many of them, which
 * arguments of a process do not take.
 *
 * @param folder in which the files lie under names of our own
 * @param entry the file that is started; empty when it is in none
 * @param data paths of files that the analyser does not get, as many as it is told of
 * @param fromWheels modules that come in wheels
 * @param environment whether the job brings Python packages that nobody can name
 * @param required what is installed for it; {@code null} for nothing, or where its names are not known
 * @param onCluster packages that the nodes are prepared with
 * @param added names of files that Spark's settings hand round
 * @param seconds how long files may take that the entry point does not reach
 */
record AnalysisRequest(
        String folder,
        String entry,
        boolean isModule,
        List<SourceFile> files,
        List<String> data,
        List<String> fromWheels,
        String host,
        String layout,
        List<String> pythonPath,
        boolean environment,
        InstalledPackages.@Nullable Required required,
        List<String> onCluster,
        List<String> added,
        @Nullable Python python,
        double seconds) {

    /** @param name in the folder; {@code null} for one that is there for its path alone */
    record SourceFile(String path, @Nullable String name) {}

    record Python(List<Integer> version, String origin, String wayOut) {}
}
