package io.slipway.aws;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** One step of a simulated cluster; its cluster changes it, under the stand-in's lock. */
public final class EmrStep {

    private static final Set<String> ACTIVE = Set.of("PENDING", "RUNNING", "CANCEL_PENDING");
    private static final String TAGS = "spark.yarn.tags=";

    final long number;
    final String id;
    final String name;
    final String jar;
    final List<String> args;
    final String actionOnFailure;
    final StepScript script;
    final Instant createdAt;
    String state = "PENDING";
    Instant startedAt;
    Instant endedAt;
    Instant cancelAskedAt;

    EmrStep(
            long number,
            String name,
            String jar,
            List<String> args,
            String actionOnFailure,
            StepScript script,
            Instant now) {
        this.number = number;
        // 22 characters, as the ids of late are (emr-facts, section 1).
        this.id = "s-%020d".formatted(number);
        this.name = name;
        this.jar = jar;
        this.args = List.copyOf(args);
        this.actionOnFailure = actionOnFailure;
        this.script = script;
        this.createdAt = now;
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    public List<String> args() {
        return args;
    }

    public String state() {
        return state;
    }

    /** {@code null} until it runs. */
    public Instant startedAt() {
        return startedAt;
    }

    /** {@code null} until it has ended. */
    public Instant endedAt() {
        return endedAt;
    }

    public boolean isActive() {
        return ACTIVE.contains(state);
    }

    /** The tag of the step's YARN application; {@code null} for a step that starts none. */
    public String tag() {
        return args.stream()
                .filter(arg -> arg.startsWith(TAGS))
                .map(arg -> arg.substring(TAGS.length()))
                .findFirst()
                .orElse(null);
    }

    void start(Instant at) {
        state = "RUNNING";
        startedAt = at;
    }

    void end(String how, Instant at) {
        state = how;
        endedAt = at;
    }
}
