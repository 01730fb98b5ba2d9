package io.slipway.environments.emr;

import io.slipway.compute.ClusterTraits;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.OrderedClusters;
import io.slipway.compute.emr.client.CallBudget.Work;
import io.slipway.compute.emr.client.Departure;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.client.EmrConnection;
import io.slipway.compute.emr.client.EmrErrors;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.client.EmrTargets;
import io.slipway.compute.emr.client.EmrTargets.Target;
import io.slipway.compute.emr.client.Release;
import io.slipway.compute.emr.client.ReleaseFacts;
import io.slipway.environments.BuildOrder;
import io.slipway.environments.BuildRef;
import io.slipway.environments.BuildReport;
import io.slipway.environments.BuildResult;
import io.slipway.environments.BuildSite;
import io.slipway.environments.BuiltEnvironment;
import io.slipway.environments.CannotBuild;
import io.slipway.environments.EnvironmentBuilder;
import io.slipway.environments.EnvironmentsSettings;
import io.slipway.project.ArtifactId;
import io.slipway.project.requirements.Requirements;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.ActionOnFailure;
import software.amazon.awssdk.services.emr.model.StepConfig;
import software.amazon.awssdk.services.emr.model.StepSummary;

/**
 * Builds by a step on the primary node of the cluster that will use the environment. The step is sent once, as runs are: its intent comes
 * first and is in its name, and an answer that was lost is looked for by that name. Whatever the step has to say lies in the bucket.
 */
final class EmrEnvironmentBuilder implements EnvironmentBuilder {

    private static final Logger log = LoggerFactory.getLogger(EmrEnvironmentBuilder.class);

    private static final String JAR = "command-runner.jar";

    private static final Pattern VERSIONED = Pattern.compile("(?:.*/)?python(3\\.\\d{1,2})");

    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+[0-9A-Za-z.+]{0,30}");

    private final EmrTargets targets;
    private final EmrConnection connection;
    private final EmrSettings emr;
    private final EnvironmentsSettings settings;
    private final BuildOrders orders;
    private final Publishing publishing;
    private final Clock clock;
    private final Map<String, BuildSteps> clusters = new ConcurrentHashMap<>();
    private final Map<String, Known> builds = new ConcurrentHashMap<>();

    EmrEnvironmentBuilder(
            EmrTargets targets,
            EmrConnection connection,
            EmrSettings emr,
            EnvironmentsSettings settings,
            BuildOrders orders,
            Publishing publishing,
            Clock clock) {
        this.targets = targets;
        this.connection = connection;
        this.emr = emr;
        this.settings = settings;
        this.orders = orders;
        this.publishing = publishing;
        this.clock = clock;
    }

    /** What this replica has learned of a build; all of it can be learned again. */
    private static final class Known {
        private @Nullable String stepId;
        /** Nothing has left for it: it may be sent again from then on. */
        private @Nullable Instant unsentUntil;

        private @Nullable String lost;
        private Instant nextLook = Instant.MIN;
        private Instant nextStep = Instant.MIN;
        private BuildReport last = BuildReport.BUILDING;
    }

    @Override
    public boolean buildsFor(ClusterTraits cluster) {
        return targets.find(cluster.name()).isPresent();
    }

    @Override
    public BuildSite site(String cluster, @Nullable String pythonVersion, @Nullable Requirements wanted)
            throws CannotBuild {
        Target target = target(cluster);
        Optional<String> open = open(target);
        Release release = release(cluster, target, open);
        if (release.isBefore(5, 30)) {
            throw new CannotBuild("Cluster " + cluster + " has release " + release.label()
                    + "; environments are built from 5.30 on. Pack one and send it as pythonEnvironment.");
        }
        String version = Optional.ofNullable(pythonVersion)
                .or(() -> version(target.python()))
                .or(() -> Optional.ofNullable(target.ordered()).map(EmrTargets.Ordered::python))
                .or(() -> ReleaseFacts.of(release).map(ReleaseFacts::python))
                .orElse("3");
        return new BuildSite(
                Objects.requireNonNullElse(target.python(), "python3"),
                version,
                release.label() + architecture(target, open) + " of " + cluster,
                "the node's own pip, builder " + orders.version(),
                false,
                open.map(BuildSite.Machine::new).orElse(null));
    }

    /** Of a cluster that is made to order as its template says it, whether it is there or not: the same is built once. */
    private String architecture(Target target, Optional<String> open) throws CannotBuild {
        EmrTargets.Ordered ordered = target.ordered();
        Optional<String> known = ordered != null ? ordered.architecture() : asked(open.orElseThrow());
        return known.map(architecture -> ", " + architecture + ",").orElse("");
    }

    private Optional<String> asked(String clusterId) throws CannotBuild {
        try {
            return connection.account().architecture(clusterId, Work.SUBMIT);
        } catch (EmrAccount.Refused unknown) {
            throw new CannotBuild("EMR does not know cluster " + clusterId + ": " + unknown.getMessage());
        }
    }

    private static Optional<String> version(@Nullable String python) {
        Matcher named = VERSIONED.matcher(Objects.requireNonNullElse(python, ""));
        return named.matches() ? Optional.of(named.group(1)) : Optional.empty();
    }

    private Target target(String cluster) throws CannotBuild {
        return targets.find(cluster)
                .orElseThrow(() -> new CannotBuild("There is no cluster " + cluster + " any more."));
    }

    /** Not one that was made for a job alone. */
    private static Optional<String> open(Target target) {
        return target.choice().openClusters().stream()
                .filter(cluster -> cluster.freeSlots() > 0 && cluster.jobId() == null)
                .map(OrderedClusters.OpenCluster::clusterId)
                .findFirst();
    }

    private Release release(String cluster, Target target, Optional<String> open) throws CannotBuild {
        EmrTargets.Ordered ordered = target.ordered();
        String label = ordered == null ? null : ordered.release();
        if (label == null && open.isEmpty()) {
            throw new ComputeUnavailable(target.choice().missing(), null);
        }
        Optional<Release> release = label == null ? seen(open.get()) : Release.of(label);
        return release.orElseThrow(() -> new CannotBuild("Cluster " + cluster
                + " has no EMR release that is known here, so no environments are built for it. Send a"
                + " pythonEnvironment."));
    }

    private Optional<Release> seen(String clusterId) throws CannotBuild {
        EmrAccount account = connection.account();
        Optional<Release> known = account.releases().of(clusterId);
        if (known.isPresent()) {
            return known;
        }
        try {
            return Release.of(
                    account.describe(clusterId, Work.SUBMIT, clusterId).releaseLabel());
        } catch (EmrAccount.Refused unknown) {
            throw new CannotBuild("EMR does not know cluster " + clusterId + ": " + unknown.getMessage());
        }
    }

    @Override
    public void start(BuildOrder order) throws IOException, CannotBuild {
        BuildRef ref = order.ref();
        Known known = known(ref);
        if (known.stepId != null || known.lost != null) {
            return;
        }
        Target target = target(ref.cluster());
        if (order.requirements().needsBuilds() && !(settings.allowSdists() && target.onPrimaryNode())) {
            throw new CannotBuild(
                    "Some of the requirements have to be built from their source, which runs their code on the"
                            + " cluster's primary node. That needs slipway.environments.allow-sdists, and mode client"
                            + " among the cluster's jobs.allow-modes.");
        }
        orders.stage(order, target);
        BuildSteps steps = steps(ref);
        try {
            if (adopt(ref, known, steps)) {
                return;
            }
            send(order, target, known, steps.calls());
        } catch (ComputeUnavailable later) {
            // Nothing was sent: of what was, the answer is handled where it was sent.
            later(known, later);
        } catch (EmrAccount.Refused unknown) {
            known.lost = "The cluster is gone: " + unknown.getMessage();
        }
    }

    private void later(Known known, RuntimeException why) {
        known.unsentUntil = clock.instant().plus(emr.pace());
        log.info("A build was not sent: {}", why.getMessage());
    }

    private void send(BuildOrder order, Target target, Known known, EmrCalls calls) throws CannotBuild {
        BuildRef ref = order.ref();
        String role = order.executionRole() == null ? target.executionRole() : order.executionRole();
        StepConfig step = StepConfig.builder()
                .name(BuildSteps.name(ref))
                .actionOnFailure(ActionOnFailure.CONTINUE)
                .hadoopJarStep(jar -> jar.jar(JAR).args(orders.arguments(ref, role != null)))
                .build();
        Departure departure = new Departure(ref.intentAt());
        try {
            known.unsentUntil = null;
            List<String> ids = calls.addSteps(List.of(step), role, departure);
            known.stepId = ids.size() == 1 ? ids.get(0) : null;
            known.nextStep = clock.instant().plus(emr.pace());
        } catch (RuntimeException failure) {
            answered(ref, target, known, failure, departure.mayHaveLeft());
        }
    }

    /** Definite is what was not sent, and what EMR refused for what is in it; everything else is looked for by its name. */
    private void answered(BuildRef ref, Target target, Known known, RuntimeException failure, boolean left)
            throws CannotBuild {
        String words = EmrErrors.words(failure);
        if (!left || EmrErrors.isNotConnected(failure) || EmrErrors.isFull(failure)) {
            later(known, failure);
        } else if (EmrErrors.isOfGoneCluster(failure)) {
            target.choice().replace(String.valueOf(ref.machine()));
            known.lost = "The cluster takes no more steps: " + words;
        } else if (EmrErrors.isValidation(failure)) {
            throw new CannotBuild("EMR refused the step of the build: " + words);
        } else {
            log.warn("AddJobFlowSteps of {} for {}: {}", ref.machine(), ref.intent(), words);
        }
    }

    @Override
    public BuildReport look(BuildRef ref) throws IOException {
        Known known = known(ref);
        Instant now = clock.instant();
        if (known.lost != null) {
            return BuildReport.lost(known.lost);
        }
        if (known.unsentUntil != null) {
            return now.isBefore(known.unsentUntil) ? BuildReport.buildingSince(now) : BuildReport.ABSENT;
        }
        if (now.isBefore(known.nextLook)) {
            return known.last;
        }
        known.nextLook = now.plus(emr.pace().dividedBy(2));
        Optional<BuildReport> ended = ended(ref);
        if (ended.isPresent()) {
            return ended.get();
        }
        if (!now.isBefore(known.nextStep)) {
            known.last = step(ref, known, now);
        }
        return known.last;
    }

    private Optional<BuildReport> ended(BuildRef ref) throws IOException {
        Optional<byte[]> result = objects(ref).result();
        return result.isPresent() ? Optional.of(report(result.get())) : Optional.empty();
    }

    private static BuildReport report(byte[] result) {
        try {
            return BuildResult.of(result).report();
        } catch (IllegalArgumentException unreadable) {
            return BuildReport.failed("The build wrote a result that cannot be read.");
        }
    }

    private BuildReport step(BuildRef ref, Known known, Instant now) throws IOException {
        BuildSteps steps = steps(ref);
        try {
            if (known.stepId == null) {
                BuildSteps.Found found = steps.find(ref, ref.intentAt().minus(emr.lookBack()));
                adopt(known, steps, found);
                if (known.stepId == null) {
                    known.nextStep = now.plus(emr.pace());
                    boolean settled = now.isAfter(ref.intentAt().plus(emr.settle()));
                    return found.whole() && settled ? BuildReport.ABSENT : BuildReport.buildingSince(now);
                }
            }
            Optional<StepSummary> step = steps.step(known.stepId);
            known.nextStep = now.plus(BuildSteps.pace(emr.pace()));
            if (step.isEmpty()) {
                return BuildReport.lost("EMR does not list the step of the build any more.");
            }
            if (BuildSteps.isActive(step.get())) {
                return BuildReport.buildingSince(BuildSteps.begun(step.get(), now));
            }
            // It may have left its result since it was last asked for.
            Optional<BuildReport> ended = ended(ref);
            return ended.isPresent() ? ended.get() : BuildReport.lost(BuildSteps.words(step.get()));
        } catch (ComputeUnavailable.Spent later) {
            return known.last;
        } catch (EmrAccount.Refused gone) {
            return BuildReport.lost("EMR does not answer about the build any more: " + gone.getMessage());
        }
    }

    private boolean adopt(BuildRef ref, Known known, BuildSteps steps) {
        return adopt(known, steps, steps.find(ref, ref.intentAt().minus(emr.lookBack())));
    }

    /** The oldest is the one; whatever came after it is ended at once. */
    private boolean adopt(Known known, BuildSteps steps, BuildSteps.Found found) {
        if (found.steps().isEmpty()) {
            return false;
        }
        known.stepId = found.steps().get(0).id();
        known.unsentUntil = null;
        List<String> others = found.steps().stream()
                .skip(1)
                .filter(BuildSteps::isActive)
                .map(StepSummary::id)
                .toList();
        if (!others.isEmpty()) {
            log.warn("Steps {} build what {} builds, and are cancelled.", others, known.stepId);
            steps.calls().cancel(others);
        }
        return true;
    }

    private void cancel(BuildRef ref) throws IOException {
        if (ref.machine() == null) {
            return;
        }
        Known known = known(ref);
        if (known.lost != null || known.unsentUntil != null) {
            return;
        }
        try {
            BuildSteps steps = steps(ref);
            if (known.stepId == null && !adopt(ref, known, steps)) {
                if (clock.instant().isBefore(ref.intentAt().plus(emr.settle()))) {
                    throw new IOException("it is not known yet whether EMR took the step of the build");
                }
                return;
            }
            steps.calls().cancel(List.of(String.valueOf(known.stepId)));
        } catch (EmrAccount.Refused gone) {
            log.info("The build {} cannot be cancelled: {}", ref.intent(), gone.getMessage());
        }
    }

    @Override
    public BuiltEnvironment take(BuildRef ref) throws IOException, CannotBuild {
        byte[] bytes =
                objects(ref).result().orElseThrow(() -> new IOException("there is no result of " + ref.intent()));
        BuildResult result;
        try {
            result = BuildResult.of(bytes);
        } catch (IllegalArgumentException unreadable) {
            throw new CannotBuild("The build wrote a result that cannot be read.");
        }
        String python = String.valueOf(result.python());
        if (!VERSION.matcher(python).matches()) {
            throw new CannotBuild("The build did not say which Python the environment has.");
        }
        try (InputStream packed = objects(ref).packed()) {
            ArtifactId id = publishing.publish(result, packed);
            builds.remove(ref.intent());
            return new BuiltEnvironment(
                    "sha256:" + id, id, result.packed(), result.seconds(), result.packages(), python);
        }
    }

    @Override
    public Remains remains() {
        return new EmrRemains(this::objects, this::cancel, orders, gone -> builds.remove(gone.intent()));
    }

    private BuildObjects objects(BuildRef ref) {
        return BuildObjects.of(connection.clients().logs(), orders.folder(ref.intent()));
    }

    private BuildSteps steps(BuildRef ref) {
        String id = Objects.requireNonNull(ref.machine(), "a build on EMR has a cluster");
        return clusters.computeIfAbsent(id, each -> new BuildSteps(new EmrCalls(each, connection.account(), clock)));
    }

    private Known known(BuildRef ref) {
        return builds.computeIfAbsent(ref.intent(), intent -> new Known());
    }
}
