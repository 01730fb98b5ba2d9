package io.slipway.compute.emr;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.Compute;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.ExpectedLogs;
import io.slipway.compute.Preview;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunStream;
import io.slipway.compute.SparkUi;
import io.slipway.compute.StartResult;
import io.slipway.compute.Target;
import io.slipway.compute.emr.client.ClusterChoice;
import io.slipway.compute.emr.launch.LivePlaces;
import io.slipway.compute.emr.launch.ProjectPaths;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.compute.emr.links.AppUiCalls;
import io.slipway.compute.emr.links.AppUiLinks;
import io.slipway.compute.emr.links.ConsoleLinks;
import io.slipway.compute.emr.live.LiveOutput;
import io.slipway.compute.emr.logs.LogShipping;
import io.slipway.compute.emr.logs.StepLogs;
import io.slipway.compute.emr.steps.EmrCluster;
import io.slipway.jobs.Application;
import io.slipway.jobs.Job;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a configured name stands for on EMR: one cluster now, and perhaps another one later. A run is a step of the cluster that its intent
 * names, and is looked for there, whichever cluster new runs go to.
 */
final class EmrCompute implements Compute {

    private static final Logger log = LoggerFactory.getLogger(EmrCompute.class);

    private final Target target;
    private final int stepConcurrency;
    private final boolean cleansUp;
    private final ClusterChoice choice;
    private final StepTranslation translation;
    private final Function<String, EmrCluster> connect;
    private final StepLogs logs;
    private final LiveOutput live;
    private final ConsoleLinks links;
    private final AppUiLinks uis;
    private final Clock clock;

    /** Those that runs go to, or are on; only the loop adds to it. */
    private final Map<String, EmrCluster> clusters = new ConcurrentHashMap<>();

    EmrCompute(
            Target target,
            int stepConcurrency,
            ClusterChoice choice,
            StepTranslation translation,
            Function<String, EmrCluster> connect,
            StepLogs logs,
            LiveOutput live,
            ConsoleLinks links,
            AppUiLinks uis,
            boolean cleansUp,
            Clock clock) {
        this.target = target;
        this.stepConcurrency = stepConcurrency;
        this.cleansUp = cleansUp;
        this.choice = choice;
        this.translation = translation;
        this.connect = connect;
        this.logs = logs;
        this.live = live;
        this.links = links;
        this.uis = uis;
        this.clock = clock;
        choice.chosen().ifPresent(this::cluster);
    }

    @Override
    public Target target() {
        return target;
    }

    /** Whether a run of this target may be on the cluster. */
    boolean isOn(String clusterId) {
        return clusters.containsKey(clusterId);
    }

    @Override
    public List<List<Job>> batches(List<Job> wanted) {
        return current().map(cluster -> cluster.batches(wanted)).orElse(List.of());
    }

    @Override
    public int runsAtOnce() {
        return choice.chosen()
                .map(this::cluster)
                .map(cluster -> cluster.runsAtOnce(stepConcurrency))
                .orElse(stepConcurrency);
    }

    @Override
    public Others others() {
        return choice.chosen().map(this::cluster).map(EmrCluster::others).orElse(Others.NONE);
    }

    @Override
    public int room() {
        return choice.chosen().map(this::cluster).map(EmrCluster::room).orElse(EmrCluster.STEPS);
    }

    /** The cluster for new runs. One that closes and can be replaced is replaced before anything is intended for it. */
    private Optional<EmrCluster> current() {
        Optional<EmrCluster> current = choice.choose().map(this::cluster);
        if (current.isPresent()
                && choice.mayChange()
                && current.get().isClosing()
                && choice.replace(current.get().id())) {
            return choice.choose().map(this::cluster);
        }
        return current;
    }

    private EmrCluster cluster(String id) {
        return clusters.computeIfAbsent(id, connect);
    }

    @Override
    public @Nullable String place() {
        return choice.chosen().orElse(null);
    }

    private @Nullable String placeOf(RunRef run) {
        return run.place() == null ? place() : run.place();
    }

    @Override
    public Preview preview(String jobName, LaunchPlan plan, List<ProjectFile> project) {
        return translation.preview(jobName, plan, project, place());
    }

    @Override
    public Preview preview(RunOrder run, List<ProjectFile> project) {
        return translation.preview(run.jobName(), run.run().submissionKey(), run.plan(), project, placeOf(run.run()));
    }

    @Override
    public List<StartResult> start(List<RunOrder> orders) {
        List<StartResult> results = new ArrayList<>();
        byPlace(orders, RunOrder::run)
                .forEach((place, some) -> cluster(place).start(some).stream()
                        .map(result -> orElsewhere(place, result))
                        .forEach(results::add));
        return results;
    }

    /** What a cluster that has gone certainly did not take goes to the next one, if there may be one. */
    private StartResult orElsewhere(String place, StartResult result) {
        return result instanceof StartResult.Rejected rejected
                        && rejected.reason().code() == Code.CLUSTER_GONE
                        && choice.replace(place)
                ? new StartResult.NotNow(
                        rejected.submissionKey(), rejected.reason().message())
                : result;
    }

    @Override
    public List<RunReport> observe(List<RunRef> runs) {
        current();
        Map<String, List<RunRef>> byPlace = byPlace(runs, Function.identity());
        byPlace.keySet().forEach(this::cluster);
        clusters.values()
                .removeIf(cluster -> !byPlace.containsKey(cluster.id())
                        && !cluster.id().equals(place())
                        && cluster.isQuiet(clock.instant()));
        List<RunReport> learned = new ArrayList<>();
        each(
                clusters.values(),
                cluster -> learned.addAll(cluster.observe(byPlace.getOrDefault(cluster.id(), List.of()))));
        return learned;
    }

    @Override
    public boolean isLookUnfinished() {
        return clusters.values().stream().anyMatch(EmrCluster::isLookUnfinished);
    }

    @Override
    public List<RunReport> lookAt(List<RunRef> runs) {
        if (runs.isEmpty()) {
            each(clusters.values(), cluster -> cluster.lookAt(runs));
            return List.of();
        }
        List<RunReport> learned = new ArrayList<>();
        Map<String, List<RunRef>> byPlace = byPlace(runs, Function.identity());
        each(
                byPlace.keySet().stream().map(this::cluster).toList(),
                cluster -> learned.addAll(cluster.lookAt(byPlace.getOrDefault(cluster.id(), List.of()))));
        return learned;
    }

    /** One cluster's silence is not the others'; when there is only one, or none answers, it is told. */
    private static void each(Iterable<EmrCluster> some, Consumer<EmrCluster> look) {
        ComputeUnavailable silence = null;
        boolean answered = false;
        for (EmrCluster cluster : some) {
            try {
                look.accept(cluster);
                answered = true;
            } catch (ComputeUnavailable e) {
                log.debug("Cluster {} did not answer: {}", cluster.id(), e.getMessage());
                silence = e;
            }
        }
        if (silence != null && !answered) {
            throw silence;
        }
    }

    private <T> Map<String, List<T>> byPlace(List<T> some, Function<T, RunRef> run) {
        Map<String, List<T>> byPlace = new LinkedHashMap<>();
        for (T one : some) {
            String place = placeOf(run.apply(one));
            if (place != null) {
                byPlace.computeIfAbsent(place, key -> new ArrayList<>()).add(one);
            }
        }
        return byPlace;
    }

    @Override
    public boolean leavesSomething() {
        return true;
    }

    @Override
    public boolean cleansUp() {
        return cleansUp;
    }

    @Override
    public boolean mayCleanUp(RunRef run) {
        String place = placeOf(run);
        return place != null && cluster(place).mayCleanUp();
    }

    @Override
    public StartResult cleanUp(RunRef run, List<RunOrder> stopped) {
        String place = placeOf(run);
        return place == null
                ? new StartResult.NotNow(run.submissionKey(), choice.missing())
                : cluster(place).cleanUp(run, stopped);
    }

    @Override
    public List<RunRef> strays() {
        return clusters.values().stream()
                .flatMap(cluster -> cluster.strays().stream())
                .toList();
    }

    @Override
    public void cancel(List<RunRef> runs) {
        byPlace(runs, Function.identity())
                .forEach((place, some) -> cluster(place).cancel(some));
    }

    @Override
    public void withdraw(List<RunRef> runs) {
        byPlace(runs, Function.identity())
                .forEach((place, some) -> cluster(place).withdraw(some));
    }

    @Override
    public ExpectedLogs expectedLogs(RunOrder order, @Nullable Instant endedAt) {
        String never =
                seenFromOutside(order.run()).flatMap(EmrCluster::withoutLogs).orElse(null);
        return LogShipping.expected(
                hasDriverOnYarn(order), order.run().application(), LogShipping.isOver(endedAt, clock.instant()), never);
    }

    @Override
    public List<RunStream> streams(RunOrder order, @Nullable Instant endedAt) {
        boolean over = LogShipping.isOver(endedAt, clock.instant());
        List<RunStream> shipped = seenFromOutside(order.run())
                .flatMap(cluster -> cluster.logs()
                        .map(place -> logs.of(place, cluster.id(), order.run(), hasDriverOnYarn(order), over)))
                .orElse(List.of());
        LivePlaces places =
                translation.live(order.run().submissionKey(), order.plan()).orElse(null);
        return places == null || order.run().remoteId() == null ? shipped : live.with(shipped, places, endedAt);
    }

    /** As it was when the run's application was found; the cluster's rules may be others by now. */
    private boolean hasDriverOnYarn(RunOrder order) {
        Application application = order.run().application();
        return application == null ? translation.hasDriverOnYarn(order.plan()) : application.hasDriver();
    }

    @Override
    public boolean startsApplications() {
        return true;
    }

    @Override
    public Optional<Application> findApplication(RunOrder order) {
        String stepId = order.run().remoteId();
        if (stepId == null) {
            return Optional.empty();
        }
        return seenFromOutside(order.run())
                .flatMap(cluster -> cluster.logs().flatMap(place -> logs.application(place, cluster.id(), stepId)))
                .map(id -> new Application(id, translation.hasDriverOnYarn(order.plan())));
    }

    @Override
    public boolean shipsLogsLater() {
        return true;
    }

    @Override
    public Optional<String> pathInProject(RunOrder run, String path) {
        return ProjectPaths.of(path, run.plan());
    }

    @Override
    public SparkUi sparkUi(RunOrder order, @Nullable Instant endedAt) {
        String place = placeOf(order.run());
        if (place == null || order.run().remoteId() == null) {
            return new SparkUi.None("The cluster has not taken the run yet.");
        }
        Duration sinceEnd = endedAt == null ? Duration.ZERO : Duration.between(endedAt, clock.instant());
        if (endedAt != null && sinceEnd.compareTo(AppUiLinks.DELAY) < 0) {
            return new SparkUi.Coming(
                    "EMR shows an application in its history about two minutes after its end.",
                    AppUiLinks.DELAY.minus(sinceEnd));
        }
        Application application = order.run().application();
        return uis.of(new AppUiCalls.Wish(
                place,
                application == null ? null : application.id(),
                translation.executionRole(order.plan()).orElse(null),
                endedAt == null));
    }

    @Override
    public boolean forget(RunRef run) {
        return live.forget(translation.livePlaces(run.submissionKey()));
    }

    @Override
    public Map<String, URI> links(RunRef run) {
        return seenFromOutside(run).map(cluster -> links.of(cluster, run)).orElse(Map.of());
    }

    /** For requests, which may be about runs of long ago: the loop looks at no cluster for their sake. */
    private Optional<EmrCluster> seenFromOutside(RunRef run) {
        String place = placeOf(run);
        if (place == null) {
            return Optional.empty();
        }
        EmrCluster known = clusters.get(place);
        return Optional.of(known == null ? connect.apply(place) : known);
    }

    @Override
    public ClusterHealth health() {
        return choice.chosen()
                .map(this::cluster)
                .map(EmrCluster::health)
                .orElseGet(() -> new ClusterHealth("UNKNOWN", choice.missing(), null));
    }
}
