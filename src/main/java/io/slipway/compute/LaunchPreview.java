package io.slipway.compute;

import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.util.List;
import java.util.Optional;

/** Plans as one cluster understands them. It answers from memory and asks nobody. */
public interface LaunchPreview {

    /**
     * What the plan would become here, and what the cluster's rules have against it.
     *
     * @param project the project's files, sorted by path
     */
    Preview preview(String jobName, LaunchPlan plan, List<ProjectFile> project);

    /** The same of a run that has its key: what it was, or will be, started with to the letter. */
    Preview preview(RunOrder run, List<ProjectFile> project);

    /**
     * The files of the project that a run of the plan reads from beside the project, each once; they are to be there before it is started.
     *
     * @param project the project's files, sorted by path
     */
    List<ProjectPiece> pieces(LaunchPlan plan, List<ProjectFile> project);

    /** The project's file that a path is which the run printed, as its path in the project; empty for a path of anything else. */
    Optional<String> pathInProject(RunOrder run, String path);

    /** What the nodes have; empty where nobody knows, or no environment is brought. */
    default Optional<NodeSystem> nodes() {
        return Optional.empty();
    }
}
