package io.slipway.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** One simulated cluster: its steps and YARN applications, moved on to "now" whenever somebody looks. Guarded by the stand-in's lock. */
public final class EmrCluster {

    /** MG emr-work-with-steps: active steps of a cluster. */
    static final int MOST_ACTIVE = 256;
    /** MG emr-view-steps: of more records those of ended steps go, whatever ended first; one that is pending or running is always there. */
    static final int HORIZON = 1_000;

    final String id;
    final List<EmrStep> steps = new ArrayList<>();
    final Map<String, Instant> applications = new HashMap<>();
    String state = "WAITING";
    String stateReason;
    String reasonCode = "USER_REQUEST";
    String errorDetail;
    /** How it was made by RunJobFlow; {@code null} for one that was there before. */
    Made made;
    /** From TerminateJobFlows to TERMINATED. */
    Duration terminationTakes = Duration.ofMinutes(2);

    private Instant terminatesAt;
    private Instant idleSince;
    String logUri;
    String name = "simulated";
    String releaseLabel = "emr-7.1.0";
    Map<String, String> tags = Map.of();
    /** Of the primary node; of several EMR chooses one. */
    List<String> fleet = List.of();

    String primaryType = "m5.xlarge";
    int stepConcurrency = 1;
    Instant createdAt;
    Instant endedAt;
    /** From acceptance to RUNNING, with a free slot. */
    Duration pickUp = Duration.ofSeconds(1);
    /** From CancelSteps to CANCELLED: "asynchronous" is all that EMR says. */
    Duration cancelTakes = Duration.ofSeconds(2);
    /** From acceptance to being listed. Pessimism: AWS documents no consistency (emr-facts, section 1). */
    Duration listingLag = Duration.ZERO;

    /** MG emr-work-with-steps: fewer in one call from 7.14.0 on, and on emr-spark-8.0.0. */
    private static final int STEPS_A_CALL = 100;

    private static final Pattern OLDER = Pattern.compile("emr-([1-6]\\..*|7\\.\\d\\..*|7\\.1[0-3]\\..*)");

    private final Consumer<EmrStep> onEnd;
    private final Consumer<EmrStep> onChange;
    private Instant cursor;

    public EmrCluster(String id, Instant now, Consumer<EmrStep> onEnd, Consumer<EmrStep> onChange) {
        this.id = id;
        this.createdAt = now;
        this.cursor = now;
        this.onEnd = onEnd;
        this.onChange = onChange;
    }

    void add(EmrStep step) {
        steps.add(step);
        onChange.accept(step);
    }

    void cancel(EmrStep step, Instant now) {
        step.state = "CANCEL_PENDING";
        step.cancelAskedAt = now;
        onChange.accept(step);
    }

    void endNow(String stepId, String how, Instant now) {
        advance(now);
        EmrStep step =
                steps.stream().filter(one -> one.id.equals(stepId)).findFirst().orElseThrow();
        step.end(how, now);
        applications.remove(step.tag());
        ended(step);
        advance(now);
    }

    private void ended(EmrStep step) {
        onEnd.accept(step);
        onChange.accept(step);
    }

    boolean isClosed() {
        return state.startsWith("TERMINAT");
    }

    boolean hasFleets() {
        return !fleet.isEmpty()
                || (made != null
                        && !made.request().at("/Instances/InstanceFleets").isEmpty());
    }

    List<String> primaryTypes() {
        return fleet.isEmpty() ? List.of(primaryType) : fleet;
    }

    int stepsACall() {
        return OLDER.matcher(releaseLabel).matches() ? MOST_ACTIVE : STEPS_A_CALL;
    }

    long active() {
        return steps.stream().filter(EmrStep::isActive).count();
    }

    /** What ListSteps and DescribeStep can still see, oldest first. */
    List<EmrStep> visible(Instant now) {
        Set<EmrStep> forgotten = steps.stream()
                .filter(step -> !step.isActive())
                .sorted(Comparator.comparing(step -> step.endedAt))
                .limit(Math.max(0, steps.size() - HORIZON))
                .collect(Collectors.toSet());
        return steps.stream()
                .filter(step -> !forgotten.contains(step))
                .filter(step -> !step.createdAt.plus(listingLag).isAfter(now))
                .toList();
    }

    /** A request for a cluster, and how it behaves. */
    record Made(JsonNode request, ClusterScript script) {}

    /** A made cluster begins by being made. */
    EmrCluster made(Made how) {
        this.made = how;
        this.state = "STARTING";
        return this;
    }

    /** Lets happen what has happened by now, in the order of time: an end frees the slot in which the next step starts. */
    void advance(Instant now) {
        boot(now);
        advanceSteps(now);
        endWhenIdle(now);
        if (terminatesAt != null && !terminatesAt.isAfter(now) && state.equals("TERMINATING")) {
            state = "TERMINATED";
            endedAt = terminatesAt;
        }
    }

    private void boot(Instant now) {
        if (made == null || !(state.equals("STARTING") || state.equals("BOOTSTRAPPING"))) {
            return;
        }
        Instant ready = createdAt.plus(made.script().boots());
        if (ready.isAfter(now)) {
            state = createdAt.plus(made.script().boots().dividedBy(2)).isAfter(now) ? "STARTING" : "BOOTSTRAPPING";
        } else if (made.script().failureCode() != null) {
            reasonCode = made.script().failureCode();
            errorDetail = made.script().failure();
            terminate("TERMINATED_WITH_ERRORS", made.script().failure(), ready);
        } else {
            state = "WAITING";
            idleSince = ready;
            cursor = latest(cursor, ready);
        }
    }

    /** By its auto-termination policy. A step that runs keeps it; what runs beside steps does not. */
    private void endWhenIdle(Instant now) {
        if (made == null || !state.equals("WAITING") || active() > 0) {
            return;
        }
        Instant since = steps.stream()
                .map(step -> step.endedAt == null ? step.createdAt : step.endedAt)
                .reduce(idleSince, EmrCluster::latest);
        long seconds =
                made.request().path("AutoTerminationPolicy").path("IdleTimeout").asLong(Long.MAX_VALUE / 4);
        if (!now.isBefore(since.plusSeconds(Math.min(seconds, 604_800)))) {
            reasonCode = "ALL_STEPS_COMPLETED";
            terminate("TERMINATED", "Auto-terminated as idle.", now);
        }
    }

    void terminateByUser(Instant now) {
        advance(now);
        if (isClosed()) {
            return;
        }
        terminate("TERMINATING", "Terminated by user request", now);
        endedAt = null;
        terminatesAt = now.plus(terminationTakes);
        advance(now);
    }

    /** 8 normalised hours for each hour of each node, as for m5.xlarge; at least one. */
    int instanceHours(Instant now) {
        Instant until = endedAt == null ? now : endedAt;
        return (int) (8 * Math.max(1, Duration.between(createdAt, until).toHours()));
    }

    private void advanceSteps(Instant now) {
        while (true) {
            startWhatFits(now);
            EmrStep next = null;
            for (EmrStep step : steps) {
                Instant change = nextChange(step);
                if (change != null && !change.isAfter(now) && (next == null || change.isBefore(nextChange(next)))) {
                    next = step;
                }
            }
            if (next == null) {
                cursor = now;
                return;
            }
            change(next);
        }
    }

    /** Steps start in the order of their submission (MG emr-concurrent-steps). */
    private void startWhatFits(Instant now) {
        long running = steps.stream()
                .filter(step -> step.startedAt != null && step.isActive())
                .count();
        for (EmrStep step : steps) {
            if (running >= stepConcurrency || isClosed() || state.equals("STARTING") || state.equals("BOOTSTRAPPING")) {
                return;
            }
            Instant at = latest(cursor, step.createdAt.plus(pickUp));
            if (step.state.equals("PENDING") && !at.isAfter(now)) {
                step.start(at);
                running++;
                if (step.tag() != null) {
                    applications.put(step.tag(), at.plus(step.script.applicationRuns()));
                }
                onChange.accept(step);
            }
        }
    }

    private Instant nextChange(EmrStep step) {
        Instant end = step.startedAt == null ? null : step.startedAt.plus(step.script.runs());
        Instant cancelled = step.cancelAskedAt == null ? null : step.cancelAskedAt.plus(cancelTakes);
        if (!step.isActive() || end == null) {
            return step.isActive() ? cancelled : null;
        }
        return cancelled == null || end.isBefore(cancelled) ? end : cancelled;
    }

    private void change(EmrStep step) {
        Instant at = nextChange(step);
        boolean ranOut = step.startedAt != null && at.equals(step.startedAt.plus(step.script.runs()));
        // A cancelled cluster-mode step leaves its application running (emr-facts, section 13): it is not touched here.
        step.end(ranOut ? step.script.outcome() : "CANCELLED", at);
        cursor = latest(cursor, at);
        if (step.state.equals("COMPLETED")) {
            killTagged(step);
        }
        ended(step);
    }

    /** What {@code yarn application -kill} does for what {@code -list -appTags} finds; YARN compares tags in lower case. */
    private void killTagged(EmrStep step) {
        step.args.stream()
                .filter(arg -> arg.contains("application -kill"))
                .map(arg -> arg.replaceFirst("(?s).*?-appTags (\\S+).*", "$1"))
                .flatMap(tags -> Stream.of(tags.split(",")))
                .forEach(tag -> applications.keySet().removeIf(running -> running.equalsIgnoreCase(tag)));
    }

    /** "Unfinished steps cancelled" (TerminateJobFlows); that running ones become INTERRUPTED is a guess of emr-facts, section 2. */
    void terminate(String how, String reason, Instant now) {
        advanceSteps(now);
        state = how;
        stateReason = reason;
        endedAt = now;
        applications.clear();
        for (EmrStep step : steps) {
            if (step.isActive()) {
                step.end(step.startedAt == null ? "CANCELLED" : "INTERRUPTED", now);
                ended(step);
            }
        }
    }

    Stream<String> runningApplications(Instant now) {
        return applications.entrySet().stream()
                .filter(application -> application.getValue().isAfter(now))
                .map(Map.Entry::getKey);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
