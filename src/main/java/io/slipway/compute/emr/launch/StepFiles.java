package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import io.slipway.project.analysis.SparkFiles;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the things are that one step reads. Their base names differ from each other: Spark silently drops the second of two.
 *
 * @param store tells the addresses; nothing is read or written here
 */
record StepFiles(ArtifactStore store, LaunchPlan plan, SubmissionKey submissionKey) {

    private static final NodeProgram LAUNCHER = NodeProgram.launcher();
    private static final NodeProgram LIVE = NodeProgram.live();
    private static final NodeProgram DAEMON = NodeProgram.daemon();
    private static final NodeProgram PRIMARY_NODE = NodeProgram.primaryNode();

    /** Those of ours that a step runs. */
    List<NodeProgram> programs(boolean onPrimaryNode, boolean live) {
        List<NodeProgram> programs = new ArrayList<>(List.of(LAUNCHER));
        if (live) {
            programs.add(LIVE);
        }
        programs.add(DAEMON);
        if (onPrimaryNode) {
            programs.add(PRIMARY_NODE);
        }
        return programs;
    }

    URI launcher() {
        return store.uri(LAUNCHER.name());
    }

    URI liveProgram() {
        return store.uri(LIVE.name());
    }

    String liveProgramName() {
        return LIVE.name().fileName();
    }

    LiveLocations live() {
        return LiveLocations.of(store, submissionKey);
    }

    URI daemon() {
        return store.uri(DAEMON.name());
    }

    String daemonModule() {
        return DAEMON.module();
    }

    URI primaryNode() {
        return store.uri(PRIMARY_NODE.name());
    }

    URI project() {
        return store.uri(ArtifactName.project(plan.projectId()));
    }

    String projectName() {
        return ArtifactName.project(plan.projectId()).fileName();
    }

    URI launchFile() {
        return store.uri(ArtifactName.launch(submissionKey.value()));
    }

    String launchFileName() {
        return ArtifactName.launch(submissionKey.value()).fileName();
    }

    URI piece(SplitProject.Piece piece) {
        return store.uri(piece.artifact(plan.projectId()));
    }

    /** A file of the project that Spark gets by itself, under the name by which it lands. */
    String resource(SparkFiles.Named named) {
        String uri = store.uri(ResourceNames.artifact(plan.projectId(), named)).toString();
        return keepsItsName(named) ? uri + "#" + named.landing() : uri;
    }

    /** Of a zip on the Python path Spark does not understand the alias, and a jar needs none. */
    static boolean keepsItsName(SparkFiles.Named named) {
        return switch (named.resource()) {
            case JARS -> false;
            case PY_FILES -> named.landing().endsWith(".py");
            case FILES, ARCHIVES, PACKAGES, REPOSITORIES -> true;
        };
    }

    /** The packed environment that the job brings. */
    Optional<String> environment() {
        Launch.Python python = plan.launch().python();
        return python.storedEnvironment()
                .map(id -> store.uri(ArtifactName.environment(id)).toString())
                .or(() -> Optional.ofNullable(python.environment()));
    }
}
