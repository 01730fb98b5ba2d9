package io.slipway.compute.emr;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterKind;
import io.slipway.compute.ClusterTraits;
import io.slipway.compute.ClusterTraits.Habit;
import io.slipway.compute.ComputeProvider;
import io.slipway.compute.OrderedClusters;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.emr.client.ClusterChoice;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.client.EmrClients;
import io.slipway.compute.emr.client.EmrConnection;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.client.EmrTargets;
import io.slipway.compute.emr.client.Glob;
import io.slipway.compute.emr.client.MatchingCluster;
import io.slipway.compute.emr.launch.JobRules;
import io.slipway.compute.emr.launch.NodeProgram;
import io.slipway.compute.emr.launch.StagedPrograms;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.compute.emr.links.AppUiCalls;
import io.slipway.compute.emr.links.AppUiLinks;
import io.slipway.compute.emr.links.ConsoleLinks;
import io.slipway.compute.emr.live.LiveChannel;
import io.slipway.compute.emr.logs.LogLocations;
import io.slipway.compute.emr.logs.StepLogs;
import io.slipway.compute.emr.steps.ClusterWatch;
import io.slipway.compute.emr.steps.EmrCluster;
import io.slipway.compute.emr.steps.StepObservation;
import io.slipway.compute.emr.steps.StepSubmission;
import io.slipway.project.Launch;
import java.time.Clock;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes the computes of EMR clusters. The SDK is set up with the first of them: a service without EMR needs no AWS at all. */
final class EmrComputeProvider implements ComputeProvider, EmrTargets, AutoCloseable {

    private static final Pattern ID = Pattern.compile("j-[A-Z0-9]{1,60}");

    private final EmrClustersSettings configured;
    private final EmrSettings settings;
    private final ArtifactStore store;
    private final StagedPrograms programs;
    private final ResultLimits limits;
    private final EmrConnection connection;
    private final OrderedClusters ordered;
    private final Function<String, Optional<ClusterHealth>> writtenDown;
    private final Clock clock;
    /** Those that somebody still holds: one that a job names by its id lives as long as the request, or as the job. */
    private final Set<EmrCompute> computes =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private @Nullable LogLocations logLocations;
    private EmrOutput.@Nullable Reading reading;
    private @Nullable LiveChannel live;

    EmrComputeProvider(
            EmrClustersSettings configured,
            EmrSettings settings,
            ArtifactStore store,
            ResultLimits limits,
            EmrConnection connection,
            OrderedClusters ordered,
            Function<String, Optional<ClusterHealth>> writtenDown,
            Clock clock) {
        this.configured = configured;
        this.settings = settings;
        this.store = store;
        this.programs = new StagedPrograms(store, clock);
        this.limits = limits;
        this.connection = connection;
        this.ordered = ordered;
        this.writtenDown = writtenDown;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return "emr";
    }

    @Override
    public Set<String> names() {
        return configured.ours().keySet();
    }

    @Override
    public Optional<Cluster> create(String name) {
        return Optional.ofNullable(configured.ours().get(name))
                .filter(cluster -> !cluster.isForIds())
                .map(cluster -> create(name, cluster));
    }

    Cluster create(String name, EmrClusterSettings cluster) {
        if (cluster.choices() != 1) {
            throw new IllegalStateException("slipway.clusters." + name
                    + ".emr must say which cluster it is in one way: cluster-id, name, tags, cluster-ids, or"
                    + " template.");
        }
        if (!"s3".equals(store.uri(NodeProgram.launcher().name()).getScheme())) {
            throw new IllegalStateException("slipway.clusters." + name
                    + " is an EMR cluster, which reads projects from S3: set slipway.artifacts.s3.bucket.");
        }
        connectToAws();
        EmrAccount account = connection.account();
        OrderedClusters.Size size = sizeOf(name, cluster);
        ClusterChoice choice = choice(name, cluster, account);
        StepTranslation translation = new StepTranslation(
                store,
                programs,
                cluster.jobs(),
                limits,
                account.releases(),
                account.architectures(),
                cluster.isMadeToOrder() ? cluster.ordered() : null);
        EmrExecutor executor = new EmrExecutor(
                size.stepConcurrency(), choice, id -> connect(id, account, translation, choice.mayChange()), clock);
        EmrCompute made = new EmrCompute(
                new ClusterTraits(
                        name,
                        ClusterKind.EMR,
                        size.clusters() * size.slots(),
                        settings.settle(),
                        settings.pace(),
                        EnumSet.complementOf(EnumSet.of(Habit.RUNS_HERE)),
                        cluster.jobs().requirements()),
                executor,
                new EmrOutput(name, choice, translation, Objects.requireNonNull(reading), clock),
                new EmrSigns(translation, Objects.requireNonNull(live)),
                new EmrLaunchPreview(translation, choice),
                settings.cleanup(),
                target(choice, cluster));
        computes.add(made);
        return made;
    }

    @Override
    public Optional<Target> find(String name) {
        return named(name).or(() -> {
            byId(name);
            return named(name);
        });
    }

    private Optional<Target> named(String name) {
        synchronized (computes) {
            return computes.stream()
                    .filter(compute -> compute.traits().name().equals(name))
                    .map(EmrCompute::target)
                    .findFirst();
        }
    }

    private static Target target(ClusterChoice choice, EmrClusterSettings cluster) {
        JobRules jobs = cluster.jobs();
        return new Target(
                choice,
                jobs.allowModes().contains(Launch.Mode.CLIENT),
                jobs.executionRole(),
                Stream.of("spark.pyspark.python", "spark.yarn.appMasterEnv.PYSPARK_PYTHON")
                        .flatMap(key -> Stream.ofNullable(jobs.sparkConf().get(key)))
                        .findFirst()
                        .orElse(null),
                cluster.isMadeToOrder() ? cluster.ordered() : null);
    }

    private OrderedClusters.Size sizeOf(String name, EmrClusterSettings cluster) {
        return ordered.sizeOf(name)
                .filter(size -> cluster.isMadeToOrder())
                .orElseGet(() -> new OrderedClusters.Size(
                        1,
                        cluster.stepConcurrency(),
                        Math.min(EmrCluster.STEPS, cluster.stepConcurrency() + cluster.lookAhead())));
    }

    private ClusterChoice choice(String name, EmrClusterSettings cluster, EmrAccount account) {
        if (cluster.isMadeToOrder()) {
            return new OrderedChoice(name, ordered);
        }
        return cluster.clusterId() == null
                ? new MatchingCluster(account, cluster.name(), cluster.tags(), settings.clusterAge(), clock)
                : new ClusterChoice.Fixed(cluster.clusterId());
    }

    private EmrCluster connect(String id, EmrAccount account, StepTranslation translation, boolean mayMoveOn) {
        EmrCalls calls = new EmrCalls(id, account, clock);
        ClusterWatch watch =
                new ClusterWatch(calls, clock, settings.clusterAge(), Objects.requireNonNull(logLocations));
        return new EmrCluster(
                calls,
                watch,
                new StepSubmission(calls, translation, settings, clock),
                new StepObservation(calls, watch, mayMoveOn, settings, clock));
    }

    @Override
    public Optional<Cluster> byId(String id) {
        return configured.ours().values().stream()
                .flatMap(rules -> byId(id, rules).stream())
                .findFirst();
    }

    /** @param rules tell which clusters may be named by their ids */
    Optional<Cluster> byId(String id, EmrClusterSettings rules) {
        boolean allowed =
                ID.matcher(id).matches() && rules.clusterIds().stream().anyMatch(pattern -> Glob.matches(pattern, id));
        return allowed ? Optional.of(create(id, rules.at(id))) : Optional.empty();
    }

    @Override
    public Optional<String> aboutIds() {
        return Optional.of("An EMR cluster's id can be named where slipway.clusters.<name>.emr.cluster-ids allows it.");
    }

    /** Whether there are clusters of these names whose drivers tell of themselves. */
    boolean haveLiveDrivers(Set<String> names) {
        return configured.ours().entrySet().stream()
                .filter(cluster -> cluster.getValue().jobs().live())
                .anyMatch(cluster -> cluster.getValue().isForIds()
                        ? names.stream().anyMatch(name -> ID.matcher(name).matches())
                        : names.contains(cluster.getKey()));
    }

    /** Of the bucket in which drivers tell of themselves; {@code null} while there is no cluster. */
    @Nullable
    S3Client liveObjects() {
        return connection.isMade() ? connection.clients().logs() : null;
    }

    /** The names under which runs may be on a cluster. */
    List<String> names(String clusterId) {
        synchronized (computes) {
            return computes.stream()
                    .filter(compute -> compute.executor().isOn(clusterId))
                    .map(compute -> compute.traits().name())
                    .distinct()
                    .toList();
        }
    }

    private synchronized void connectToAws() {
        if (reading == null) {
            EmrClients clients = connection.clients();
            logLocations = new LogLocations(writtenDown, settings.clusterAge(), clock);
            StepLogs steps = new StepLogs(clients.logs(), clock);
            live = LiveChannel.of(clients.logs(), clock);
            reading = new EmrOutput.Reading(
                    logLocations,
                    steps,
                    List.of(steps),
                    live.output(),
                    new ConsoleLinks(clients.region()),
                    new AppUiLinks(new AppUiCalls(connection.account()), clock));
        }
    }

    @Override
    public synchronized void close() {
        if (reading != null) {
            reading.uis().close();
            Objects.requireNonNull(live).close();
        }
    }
}
