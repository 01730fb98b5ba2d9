package io.slipway.compute.emr;

import io.slipway.compute.ExpectedLogs;
import io.slipway.compute.RunLink;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunOutput;
import io.slipway.compute.RunStream;
import io.slipway.compute.SparkUi;
import io.slipway.compute.emr.client.ClusterChoice;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.compute.emr.links.AppUiCalls;
import io.slipway.compute.emr.links.AppUiLinks;
import io.slipway.compute.emr.links.ConsoleLinks;
import io.slipway.compute.emr.live.LiveOutput;
import io.slipway.compute.emr.logs.LogLocations;
import io.slipway.compute.emr.logs.LogShipping;
import io.slipway.compute.emr.logs.LogSource;
import io.slipway.compute.emr.logs.LoggedRun;
import io.slipway.compute.emr.logs.StepLogs;
import io.slipway.jobs.Application;
import io.slipway.jobs.RunRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What steps and their YARN applications print, from everywhere where it can be read. It needs to know of an EMR cluster only its id, and
 * where its logs are.
 */
final class EmrOutput implements RunOutput {

    private final String name;
    private final ClusterChoice choice;
    private final StepTranslation translation;
    private final Reading reading;
    private final Clock clock;

    /**
     * What all clusters of the account share.
     *
     * @param sources of log streams, the better first: what one of them has is not asked of the next
     * @param live what drivers show themselves, sooner than any of the sources
     */
    record Reading(
            LogLocations locations,
            StepLogs steps,
            List<LogSource> sources,
            LiveOutput live,
            ConsoleLinks links,
            AppUiLinks uis) {}

    EmrOutput(String name, ClusterChoice choice, StepTranslation translation, Reading reading, Clock clock) {
        this.name = name;
        this.choice = choice;
        this.translation = translation;
        this.reading = reading;
        this.clock = clock;
    }

    @Override
    public ExpectedLogs expectedLogs(RunOrder order, @Nullable Instant endedAt) {
        String never = clusterOf(order.run())
                .flatMap(id -> reading.locations().whyNone(id, name))
                .orElse(null);
        return LogShipping.expected(
                hasDriverOnYarn(order), order.run().application(), LogShipping.isOver(endedAt, clock.instant()), never);
    }

    @Override
    public List<RunStream> streams(RunOrder order, @Nullable Instant endedAt) {
        List<RunStream> shipped = clusterOf(order.run())
                .map(id -> streams(new LoggedRun(
                        order.run(),
                        id,
                        reading.locations().of(id, name).orElse(null),
                        hasDriverOnYarn(order),
                        LogShipping.isOver(endedAt, clock.instant()))))
                .orElse(List.of());
        if (order.run().remoteId() == null) {
            return shipped;
        }
        return translation
                .live(order.run().submissionKey(), order.plan())
                .map(locations -> reading.live().with(shipped, locations, endedAt))
                .orElse(shipped);
    }

    private List<RunStream> streams(LoggedRun run) {
        return reading.sources().stream()
                .flatMap(source -> source.streams(run).stream())
                .sorted(Comparator.comparing(RunStream::id))
                .toList();
    }

    /** As it was when the run's application was found; the cluster's rules may be others by now. */
    private boolean hasDriverOnYarn(RunOrder order) {
        Application application = order.run().application();
        return application == null ? translation.hasDriverOnYarn(order.plan()) : application.hasDriver();
    }

    @Override
    public Optional<Application> findApplication(RunOrder order) {
        String stepId = order.run().remoteId();
        if (stepId == null) {
            return Optional.empty();
        }
        return clusterOf(order.run())
                .flatMap(id -> reading.locations()
                        .of(id, name)
                        .flatMap(logs -> reading.steps().application(logs, id, stepId)))
                .map(id -> new Application(id, translation.hasDriverOnYarn(order.plan())));
    }

    @Override
    public SparkUi sparkUi(RunOrder order, @Nullable Instant endedAt) {
        Optional<String> clusterId = clusterOf(order.run());
        if (clusterId.isEmpty() || order.run().remoteId() == null) {
            return new SparkUi.None("The cluster has not taken the run yet.");
        }
        Duration sinceEnd = endedAt == null ? Duration.ZERO : Duration.between(endedAt, clock.instant());
        if (endedAt != null && sinceEnd.compareTo(AppUiLinks.DELAY) < 0) {
            return new SparkUi.Coming(
                    "EMR shows an application in its history about two minutes after its end.",
                    AppUiLinks.DELAY.minus(sinceEnd));
        }
        Application application = order.run().application();
        return reading.uis()
                .of(new AppUiCalls.Wish(
                        clusterId.get(),
                        application == null ? null : application.id(),
                        translation.executionRole(order.plan()).orElse(null),
                        endedAt == null));
    }

    @Override
    public List<RunLink> links(RunRef run) {
        return clusterOf(run)
                .map(id -> reading.links().of(id, reading.locations().of(id, name), run))
                .orElse(List.of());
    }

    /** EMR keeps the logs in the cluster's own bucket, by that bucket's rules; what drivers have shown lies in ours. */
    @Override
    public boolean forget(RunRef run) {
        return translation
                .liveLocations(run.submissionKey())
                .map(locations -> reading.live().forget(locations))
                .orElse(true);
    }

    private Optional<String> clusterOf(RunRef run) {
        return Optional.ofNullable(run.clusterId()).or(choice::chosen);
    }
}
