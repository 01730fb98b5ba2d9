package io.slipway.aws;

import java.time.Duration;

/**
 * What the stand-in does wrong when it is told to.
 *
 * @param share how much of the call is really done
 * @param answer what its caller hears of it
 * @param lateness how long (in real time) the call takes to arrive; only then is its signature looked at
 * @param delay how long (in real time, as time-outs are real) the answer takes after the work was done
 */
public record EmrFault(Share share, Answer answer, Duration lateness, Duration delay) {

    private EmrFault(Share share, Answer answer, Duration delay) {
        this(share, answer, Duration.ZERO, delay);
    }

    public enum Share {
        NOTHING,
        /** Of several steps, the first half. Pessimism: nothing says that AddJobFlowSteps takes all or none. */
        HALF,
        ALL
    }

    public enum Answer {
        NORMAL,
        /** {@code ThrottlingException}, as EMR spells it. */
        THROTTLED,
        INTERNAL_ERROR,
        /** The caller's policies do not allow the operation. */
        DENIED,
        /** The connection ends without an answer. */
        CLOSED
    }

    /** As EMR's quotas do it: emr-facts, section 3. */
    public static EmrFault throttled() {
        return new EmrFault(Share.NOTHING, Answer.THROTTLED, Duration.ZERO);
    }

    /** Pessimism: one old report says that a throttled call had made its cluster all the same (emr-facts, section 3). */
    public static EmrFault throttledAfterAll() {
        return new EmrFault(Share.ALL, Answer.THROTTLED, Duration.ZERO);
    }

    public static EmrFault error() {
        return new EmrFault(Share.NOTHING, Answer.INTERNAL_ERROR, Duration.ZERO);
    }

    public static EmrFault denied() {
        return new EmrFault(Share.NOTHING, Answer.DENIED, Duration.ZERO);
    }

    /** What no caller can tell from {@link #error}. */
    public static EmrFault errorAfterAll() {
        return new EmrFault(Share.ALL, Answer.INTERNAL_ERROR, Duration.ZERO);
    }

    public static EmrFault closed() {
        return new EmrFault(Share.NOTHING, Answer.CLOSED, Duration.ZERO);
    }

    public static EmrFault closedAfterAll() {
        return new EmrFault(Share.ALL, Answer.CLOSED, Duration.ZERO);
    }

    /** A call that its sender has long given up, or that left a sender which was paused. */
    public static EmrFault late(Duration lateness) {
        return new EmrFault(Share.ALL, Answer.NORMAL, lateness, Duration.ZERO);
    }

    public static EmrFault slow(Duration delay) {
        return new EmrFault(Share.ALL, Answer.NORMAL, delay);
    }

    /** Answers with the ids of those that it took, fewer than were sent. */
    public static EmrFault partlyTaken() {
        return new EmrFault(Share.HALF, Answer.NORMAL, Duration.ZERO);
    }

    public static EmrFault errorAfterHalf() {
        return new EmrFault(Share.HALF, Answer.INTERNAL_ERROR, Duration.ZERO);
    }
}
