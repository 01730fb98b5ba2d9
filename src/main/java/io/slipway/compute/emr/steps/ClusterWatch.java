package io.slipway.compute.emr.steps;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.logs.LogLocations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterState;
import software.amazon.awssdk.services.emr.model.ClusterStateChangeReason;
import software.amazon.awssdk.services.emr.model.ClusterStatus;

/** The cluster as it was last seen. Only the loop makes it look, and tells others where its logs are. */
public final class ClusterWatch {

    private static final Logger log = LoggerFactory.getLogger(ClusterWatch.class);

    private static final int NOW_AND_THEN = 20;

    private final EmrCalls emr;
    private final Clock clock;
    private final Duration maxAge;
    private final LogLocations logs;

    private volatile ClusterHealth health = ClusterHealth.NOT_SEEN_YET;
    private volatile ClusterState state = ClusterState.UNKNOWN_TO_SDK_VERSION;
    private volatile @Nullable Integer stepConcurrency;
    private volatile @Nullable Instant openAt;
    private volatile Instant lookedAt = Instant.MIN;
    private volatile Instant tookAt = Instant.MIN;

    /** @param logs gets each answer */
    public ClusterWatch(EmrCalls emr, Clock clock, Duration maxAge, LogLocations logs) {
        this.emr = emr;
        this.clock = clock;
        this.maxAge = maxAge;
        this.logs = logs;
    }

    /** Asks for the cluster's state when the last answer, or the last try, is too old. It never throws: work goes on without. */
    void look() {
        look(maxAge);
    }

    /** For what EMR itself refuses should the cluster have ended meanwhile: an older answer is good enough. */
    void lookNowAndThen() {
        Duration age = maxAge.multipliedBy(NOW_AND_THEN);
        if (isOlder(tookAt, clock.instant(), age)) {
            look(age);
        }
    }

    /** EMR has taken steps for it, as it does for a cluster alone that is open. */
    void tookSteps() {
        Instant now = clock.instant();
        if (health.seenAt() != null && !isClosing()) {
            tookAt = now;
            openAt = now;
            health = health.answered(now);
        }
    }

    private void look(Duration age) {
        Instant now = clock.instant();
        if (!isOlder(lookedAt, now, age)) {
            return;
        }
        Instant before = lookedAt;
        lookedAt = now;
        try {
            record(emr.cluster(), now);
            learnArchitecture();
        } catch (ComputeUnavailable.Spent later) {
            // The steps come first; the cluster is asked with a later turn.
            lookedAt = before;
        } catch (ComputeUnavailable | EmrAccount.Refused e) {
            log.warn("Cluster {} was not seen: {}", emr.clusterId(), e.getMessage());
            health = new ClusterHealth(
                    health.state(), e.getMessage(), health.seenAt(), health.logUri(), emr.clusterId());
        }
    }

    /** Nothing waits for it: a later look asks again. */
    private void learnArchitecture() {
        if (isClosing()) {
            return;
        }
        try {
            emr.learnArchitecture();
        } catch (ComputeUnavailable | EmrAccount.Refused later) {
            log.debug("The architecture of {} is asked for later: {}", emr.clusterId(), later.getMessage());
        }
    }

    /** The next look asks, however fresh the last answer is. */
    void outdated() {
        lookedAt = Instant.MIN;
    }

    ClusterHealth health() {
        return health;
    }

    private static boolean isOlder(Instant last, Instant now, Duration age) {
        return last.equals(Instant.MIN) || !now.isBefore(last.plus(age));
    }

    /** How many steps it runs at once; empty before it was seen. */
    Optional<Integer> stepConcurrency() {
        return Optional.ofNullable(stepConcurrency);
    }

    /** Ended for good: no step of it will change any more. */
    boolean hasEnded() {
        return state == ClusterState.TERMINATED || state == ClusterState.TERMINATED_WITH_ERRORS;
    }

    /** Whether the cluster, which closes or has ended, was last seen open before that time. */
    boolean wasClosing(@Nullable Instant at) {
        Instant open = openAt;
        return isClosing() && open != null && at != null && at.isAfter(open);
    }

    /** Takes no more steps. */
    boolean isClosing() {
        return hasEnded() || state == ClusterState.TERMINATING;
    }

    private void record(Cluster cluster, Instant now) {
        state = cluster.status().state() == null
                ? ClusterState.UNKNOWN_TO_SDK_VERSION
                : cluster.status().state();
        if (!isClosing()) {
            openAt = now;
        }
        stepConcurrency = cluster.stepConcurrencyLevel();
        health = new ClusterHealth(
                io.slipway.compute.ClusterState.of(cluster.status().stateAsString()),
                message(cluster.status()),
                now,
                cluster.logUri(),
                emr.clusterId());
        logs.record(emr.clusterId(), health);
    }

    /** Why it is in its state; which state that is, when it is new here. */
    private static @Nullable String message(ClusterStatus status) {
        return status.state() == ClusterState.UNKNOWN_TO_SDK_VERSION
                ? "EMR calls its state " + status.stateAsString() + ", which is new here."
                : words(status.stateChangeReason());
    }

    private static @Nullable String words(@Nullable ClusterStateChangeReason reason) {
        if (reason == null || (reason.codeAsString() == null && reason.message() == null)) {
            return null;
        }
        if (reason.codeAsString() == null) {
            return reason.message();
        }
        return reason.message() == null ? reason.codeAsString() : reason.codeAsString() + ": " + reason.message();
    }
}
