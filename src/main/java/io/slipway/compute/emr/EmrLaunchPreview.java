package io.slipway.compute.emr;

import io.slipway.compute.LaunchPreview;
import io.slipway.compute.NodeSystem;
import io.slipway.compute.Preview;
import io.slipway.compute.ProjectPiece;
import io.slipway.compute.RunOrder;
import io.slipway.compute.emr.client.ClusterChoice;
import io.slipway.compute.emr.launch.ProjectPaths;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The step that a plan becomes, by the rules of the configured cluster and what was seen of the EMR cluster behind it. */
record EmrLaunchPreview(StepTranslation translation, ClusterChoice choice) implements LaunchPreview {

    @Override
    public Preview preview(String jobName, LaunchPlan plan, List<ProjectFile> project) {
        return translation.preview(jobName, plan, project, chosen());
    }

    @Override
    public Preview preview(RunOrder run, List<ProjectFile> project) {
        String clusterId = run.run().clusterId() == null ? chosen() : run.run().clusterId();
        return translation.preview(run.jobName(), run.run().submissionKey(), run.plan(), project, clusterId);
    }

    @Override
    public List<ProjectPiece> pieces(LaunchPlan plan, List<ProjectFile> project) {
        return translation.pieces(plan, project);
    }

    private @Nullable String chosen() {
        return choice.chosen().orElse(null);
    }

    @Override
    public Optional<String> pathInProject(RunOrder run, String path) {
        return ProjectPaths.of(path, run.plan());
    }

    @Override
    public Optional<NodeSystem> nodes() {
        return translation.nodes(chosen());
    }
}
