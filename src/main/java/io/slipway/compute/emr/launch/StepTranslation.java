package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.NodeSystem;
import io.slipway.compute.Preview;
import io.slipway.compute.ProjectListing;
import io.slipway.compute.ProjectPiece;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.Targets;
import io.slipway.compute.emr.client.Architectures;
import io.slipway.compute.emr.client.EmrTargets;
import io.slipway.compute.emr.client.Release;
import io.slipway.compute.emr.client.ReleaseFacts;
import io.slipway.compute.emr.client.Releases;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.Launch;
import io.slipway.project.Launch.Layout;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import io.slipway.project.analysis.SparkFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a plan to a step of one cluster, under that cluster's rules; and the files of a step to where they are stored. */
public final class StepTranslation {

    /** As long as the key of a first attempt: what is measured before a job has an id stays true. */
    private static final SubmissionKey NO_KEY_YET = new SubmissionKey("0".repeat(26) + "-1");

    private final ArtifactStore store;
    private final StagedPrograms programs;
    private final JobRules rules;
    private final ResultLimits limits;
    private final Releases releases;
    private final Architectures architectures;
    private final EmrTargets.@Nullable Ordered ordered;

    /**
     * @param limits of what is kept of a run's results
     * @param ordered what its clusters will be like; {@code null} where they are not made to order
     */
    public StepTranslation(
            ArtifactStore store,
            StagedPrograms programs,
            JobRules rules,
            ResultLimits limits,
            Releases releases,
            Architectures architectures,
            EmrTargets.@Nullable Ordered ordered) {
        this.limits = limits;
        this.store = store;
        this.programs = programs;
        this.rules = rules;
        this.releases = releases;
        this.architectures = architectures;
        this.ordered = ordered;
    }

    /** Whether the program itself runs in a container of YARN, and not where its step does. */
    public boolean hasDriverOnYarn(LaunchPlan plan) {
        return !StepArguments.onPrimaryNode(plan, rules);
    }

    /** Where its driver shows what it prints while it runs, if it does. */
    public Optional<LiveLocations> live(SubmissionKey submissionKey, LaunchPlan plan) {
        return rules.showsLive(plan) ? liveLocations(submissionKey) : Optional.empty();
    }

    /** Where drivers of this cluster leave what they show; empty where they show nothing. */
    public Optional<LiveLocations> liveLocations(SubmissionKey submissionKey) {
        return rules.live() ? Optional.of(LiveLocations.of(store, submissionKey)) : Optional.empty();
    }

    public Optional<String> executionRole(LaunchPlan plan) {
        return ExecutionRoles.of(plan, rules);
    }

    /** As it was seen, or as it will be. */
    private Optional<Release> release(@Nullable String clusterId) {
        return releases.of(clusterId)
                .or(() -> Optional.ofNullable(ordered).flatMap(coming -> Release.of(coming.release())));
    }

    /** The version of Python that the clusters are prepared with, where that is not the release's own. */
    private Optional<String> prepared() {
        return Optional.ofNullable(ordered).flatMap(coming -> Optional.ofNullable(coming.python()));
    }

    /** What is against the plan on this very cluster, as far as that has been seen. It may be seen between two tries of one step. */
    public Optional<Detail> objection(LaunchPlan plan, @Nullable String clusterId) {
        return DockerOnYarn.objection(plan, rules, release(clusterId));
    }

    /** A step with problems has no arguments. */
    public record Step(
            List<String> arguments,
            Optional<String> executionRole,
            List<Detail> problems,
            List<NodeProgram> programs,
            ArtifactName launchName,
            @SuppressWarnings("ArrayRecordComponent") byte[] launchFile) {}

    /**
     * Names what was stored before the job was accepted.
     *
     * @throws IOException when the list of the project's files, where one is needed, could not be read
     */
    public Step step(String jobName, SubmissionKey submissionKey, LaunchPlan plan) throws IOException {
        List<ProjectFile> project = List.of();
        if (plan.launch().layout() == Layout.SPLIT || SparkFiles.of(plan).needFiles()) {
            project = ProjectListing.read(store, plan.projectId());
        }
        StepFiles files = new StepFiles(store, plan, submissionKey);
        StepArguments step = StepArguments.of(plan, jobName, files, rules, project);
        List<Detail> problems = PlanRules.objections(plan, rules, project, step);
        return new Step(
                problems.isEmpty() ? step.arguments() : List.of(),
                ExecutionRoles.of(plan, rules),
                problems,
                files.programs(StepArguments.onPrimaryNode(plan, rules), rules.showsLive(plan)),
                ArtifactName.launch(submissionKey.value()),
                LaunchFile.of(plan, step, files, rules, limits));
    }

    /** @param clusterId where it would go now; {@code null} while none is known */
    public Preview preview(String jobName, LaunchPlan plan, List<ProjectFile> project, @Nullable String clusterId) {
        return preview(jobName, NO_KEY_YET, plan, project, clusterId);
    }

    public Preview preview(
            String jobName,
            SubmissionKey submissionKey,
            LaunchPlan plan,
            List<ProjectFile> project,
            @Nullable String clusterId) {
        StepFiles files = new StepFiles(store, plan, submissionKey);
        StepArguments step = StepArguments.of(plan, jobName, files, rules, project);
        List<String> arguments = step.arguments();
        List<Detail> problems = new ArrayList<>(SparkFiles.of(plan).problems(plan, project));
        problems.addAll(PlanRules.objections(plan, rules, project, step));
        objection(plan, clusterId).ifPresent(problems::add);
        List<Finding> findings = new ArrayList<>(PlanRules.findings(plan, rules, project, arguments));
        DockerOnYarn.finding(plan, rules, release(clusterId)).ifPresent(findings::add);
        findings.addAll(SparkFiles.of(plan).findings(plan));
        return new Preview(
                arguments,
                Preview.line(submitted(step, arguments, files, plan)),
                targets(plan, project, files, step),
                problems,
                findings,
                DriverHosts.of(plan, rules),
                ClusterPythons.of(plan, rules, prepared(), release(clusterId)).orElse(null));
    }

    /** The files of the project that the plan's step reads by themselves, each once. */
    public List<ProjectPiece> pieces(LaunchPlan plan, List<ProjectFile> project) {
        StepFiles files = new StepFiles(store, plan, NO_KEY_YET);
        Set<ArtifactName> names = new HashSet<>();
        return StepArguments.of(plan, "", files, rules, project)
                .pieces()
                .filter(piece -> names.add(piece.name()))
                .toList();
    }

    /** Puts what the step needs where it will look for it. */
    public void stage(Step step) throws IOException {
        for (NodeProgram program : step.programs()) {
            programs.put(program);
        }
        store.put(step.launchName(), step.launchFile());
    }

    private List<String> submitted(StepArguments step, List<String> arguments, StepFiles files, LaunchPlan plan) {
        if (!StepArguments.onPrimaryNode(plan, rules)) {
            return arguments;
        }
        List<String> words = new ArrayList<>(program(plan));
        words.addAll(step.submitOptions());
        words.addAll(List.of(files.launcher().toString(), ".", files.launchFileName()));
        return words;
    }

    private List<String> program(LaunchPlan plan) {
        Launch.Container container = plan.launch().container();
        if (container == null) {
            return List.of("spark-submit");
        }
        List<String> words = new ArrayList<>(List.of("docker", "run", "--rm", "--network", "host"));
        rules.container().mounts().forEach(mount -> words.addAll(List.of("--volume", mount)));
        words.addAll(List.of("--entrypoint", "/usr/lib/spark/bin/spark-submit", container.image()));
        return words;
    }

    /** Where the driver finds the project's files, below its container's folder on YARN or its working directory elsewhere. */
    private Map<String, String> targets(
            LaunchPlan plan, List<ProjectFile> project, StepFiles files, StepArguments step) {
        Map<String, String> beside = step.besideTheProject();
        boolean onPrimaryNode = StepArguments.onPrimaryNode(plan, rules);
        boolean split = plan.launch().layout() == Layout.SPLIT;
        return new Targets(project, path -> {
            String inZip = path.endsWith(".py") ? files.projectName() + "/" + path : path;
            String onYarn = split ? inZip : StepArguments.ALIAS + "/" + path;
            return onPrimaryNode ? path : beside.containsKey(path) ? onYarn + ", " + beside.get(path) : onYarn;
        });
    }

    /** As its template says it, or as it was seen. */
    private Optional<String> architecture(@Nullable String clusterId) {
        return Optional.ofNullable(ordered)
                .flatMap(EmrTargets.Ordered::architecture)
                .or(() -> architectures.of(clusterId));
    }

    /** What the release of the cluster has, as far as it is known. */
    public Optional<NodeSystem> nodes(@Nullable String clusterId) {
        return release(clusterId)
                .flatMap(ReleaseFacts::of)
                .map(facts -> new NodeSystem(
                        facts.linux().glibc(),
                        architecture(clusterId).orElse(null),
                        facts.pythons(),
                        ordered == null ? List.of() : ordered.packages()));
    }
}
