package io.slipway.chaos;

import io.slipway.aws.StepScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What becomes of a job's steps, and what its sender asks for; it is in the job's name, and so in its steps' names. */
enum Kind {
    SUCCEEDS(10),
    FAILS(4),
    INTERRUPTED(1),
    /** Runs until it is cancelled, at whatever moment that is. */
    CANCELLED(2),
    /** May be cancelled in time, or not. */
    CANCELLED_LATE(2),
    TIMES_OUT(2),
    /** Fails once, and what it had started goes on. */
    RETRIED(2),
    RETRIED_AFTER_TIMING_OUT(2);

    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final int weight;

    Kind(int weight) {
        this.weight = weight;
    }

    /** One job of each name. */
    static List<String> names(int jobs, Random random) {
        List<Kind> drawn = new ArrayList<>();
        for (Kind kind : values()) {
            for (int i = 0; i < kind.weight; i++) {
                drawn.add(kind);
            }
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            Kind kind = drawn.get(random.nextInt(drawn.size()));
            names.add(kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "." + i);
        }
        return names;
    }

    static Kind of(String name) {
        return valueOf(
                name.substring(0, name.indexOf('.')).toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    boolean isCancelled() {
        return this == CANCELLED || this == CANCELLED_LATE;
    }

    /** What its sender asks for beside the project. */
    String spec() {
        return switch (this) {
            case SUCCEEDS, FAILS, INTERRUPTED, CANCELLED, CANCELLED_LATE -> "{}";
            case TIMES_OUT -> "{\"timeout\":\"" + LONGEST + "\"}";
            case RETRIED -> "{\"maxAttempts\":2}";
            case RETRIED_AFTER_TIMING_OUT -> "{\"maxAttempts\":2,\"timeout\":\"" + LONGEST + "\"}";
        };
    }

    StepScript script(int attempt, Duration runs) {
        return switch (this) {
            case SUCCEEDS, CANCELLED_LATE -> StepScript.succeedsAfter(runs);
            case FAILS -> StepScript.failsAfter(runs, "Exception in thread \"main\"");
            case INTERRUPTED -> new StepScript(runs, "INTERRUPTED", null);
            case CANCELLED, TIMES_OUT -> StepScript.runsLong();
            case RETRIED ->
                attempt == 1
                        ? StepScript.failsAfter(runs, "Exception in thread \"main\"")
                                .outlived()
                        : StepScript.succeedsAfter(runs);
            case RETRIED_AFTER_TIMING_OUT ->
                attempt == 1 ? StepScript.runsLong() : StepScript.succeedsAfter(LONGEST.dividedBy(10));
        };
    }
}
