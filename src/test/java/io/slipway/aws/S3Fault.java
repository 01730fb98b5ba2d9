package io.slipway.aws;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What the stand-in does wrong when it is told to. */
public sealed interface S3Fault {

    /** Answers with the error and does nothing. */
    static S3Fault error(S3Error error) {
        return new Answer(error);
    }

    /** Closes the connection without an answer; nothing was done. */
    static S3Fault closedBefore() {
        return new Closed(false);
    }

    /** Does it, and closes the connection without an answer: what the caller cannot tell from {@link #closedBefore}. */
    static S3Fault closedAfter() {
        return new Closed(true);
    }

    /** Takes this long, then does it. */
    static S3Fault slow(Duration delay) {
        return new Slow(delay);
    }

    /** Does it when the test counts the latch down, at most a minute later. */
    static S3Fault held(CountDownLatch release) {
        return new Held(release);
    }

    /**
     * Begins with status 200 and ends with an error in the body, nothing done; S3's API reference says so of CompleteMultipartUpload,
     * which keeps its caller waiting with blanks.
     */
    static S3Fault errorWithinSuccess(S3Error error) {
        return new Late(error);
    }

    record Answer(S3Error error) implements S3Fault {}

    record Closed(boolean done) implements S3Fault {}

    record Slow(Duration delay) implements S3Fault {}

    record Held(CountDownLatch release) implements S3Fault {}

    record Late(S3Error error) implements S3Fault {}
}
