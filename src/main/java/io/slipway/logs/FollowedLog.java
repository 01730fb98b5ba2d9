package io.slipway.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.LogStream;
import io.slipway.compute.ProvisionalStream;
import io.slipway.compute.RunStream;
import io.slipway.jobs.Job;
import io.slipway.logs.JobStreams.Found;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/** One log of one attempt, read piece by piece until the attempt has ended and everything that it printed there was read. */
public final class FollowedLog {

    /** EMR ships every five minutes: what has not changed for longer than that after the end does not change any more. */
    private static final Duration SETTLED = Duration.ofMinutes(6);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final int A_PIECE = 64 << 10;

    private static final String OTHER_BYTES = "\n"
            + "[what the cluster has shipped of this log differs from what was shown above; what follows is as"
            + " shipped]\n";

    private final JobLogs logs;
    private final JobStreams streams;
    private final int attempt;
    private final LogStream stream;
    private final Provisional provisional = new Provisional();
    private long offset;

    FollowedLog(JobLogs logs, JobStreams streams, int attempt, LogStream stream, long offset) {
        this.logs = logs;
        this.streams = streams;
        this.attempt = attempt;
        this.stream = stream;
        this.offset = offset;
    }

    /**
     * What came.
     *
     * @param bytes none when nothing is there now
     * @param isLast whether nothing more will ever come
     * @param pause after which another look makes sense
     */
    public record Piece(byte[] bytes, boolean isLast, Duration pause) {

        private static final Piece LAST = new Piece(new byte[0], true, Duration.ZERO);

        private static Piece nothing(Duration pause) {
            return new Piece(new byte[0], false, pause);
        }
    }

    /** Position of the next piece's first byte. */
    public long offset() {
        return offset;
    }

    /**
     * The next piece.
     *
     * @param job as it is now: what is read after its run has ended is all there is
     * @throws LogsUnavailable when their storage does not answer now, or what lies there cannot be read
     */
    public Piece next(Job job, Instant now) {
        try {
            Found found = streams.find(job, OptionalInt.of(attempt), stream);
            return next(job, found, now);
        } catch (UnknownLog absent) {
            return absent.retryAfter().map(Piece::nothing).orElse(Piece.LAST);
        } catch (IOException | ComputeUnavailable failure) {
            throw JobStreams.unreadable(job, failure.getMessage(), failure);
        }
    }

    private Piece next(Job job, Found found, Instant now) throws IOException {
        LogBytes log = logs.open(job, found).bytes();
        // Asked before the bytes: whatever is printed in between is read by the next look.
        boolean isAll = log.progress() == 1;
        ProvisionalStream shown = found.stream() instanceof ProvisionalStream one ? one : null;
        if (shown == null && provisional.isAny()) {
            if (!log.isCut() && log.size() < offset && !isAll) {
                return Piece.nothing(LOOK_AGAIN);
            }
            if (!isAsShown(found.stream(), log)) {
                return new Piece(OTHER_BYTES.getBytes(UTF_8), false, Duration.ZERO);
            }
        }
        long after = shown == null ? offset : shown.afterGap(offset);
        if (after > offset) {
            return skip(after);
        }
        byte[] bytes = log.isCut() ? read(found.stream(), offset) : log.read(offset, A_PIECE);
        if (bytes.length > 0) {
            if (shown != null) {
                provisional.add(offset, bytes);
            }
            offset += bytes.length;
            return new Piece(bytes, false, Duration.ZERO);
        }
        if (!isAll || !isOver(job, found.stream(), now)) {
            return Piece.nothing(LOOK_AGAIN);
        }
        String trouble = log.trouble();
        if (trouble != null && !log.isCut()) {
            throw JobStreams.unreadable(job, trouble, null);
        }
        return Piece.LAST;
    }

    /** What is not known yet is said once; its bytes are in the log when they have come. */
    private Piece skip(long after) {
        byte[] notice = "%n[%,d bytes of this log are not shown here: they are in it when the cluster has shipped it]%n"
                .formatted(after - offset)
                .getBytes(UTF_8);
        offset = after;
        provisional.clear();
        return new Piece(notice, false, Duration.ZERO);
    }

    /** Whether what was handed out stands in what came instead. It is asked once. */
    private boolean isAsShown(RunStream stream, LogBytes log) throws IOException {
        boolean isAsShown =
                provisional.isIn(position -> log.isCut() ? read(stream, position) : log.read(position, A_PIECE));
        provisional.clear();
        return isAsShown;
    }

    /** Of a log that is too long to be kept here. */
    private static byte[] read(RunStream log, long offset) throws IOException {
        try (InputStream in = log.open(offset)) {
            return in.readNBytes(A_PIECE);
        }
    }

    private boolean isOver(Job job, RunStream log, Instant now) {
        return streams.endOf(job, attempt)
                .filter(end -> !streams.expected(job, OptionalInt.of(attempt)).coming()
                        || log.isWhole(end)
                        || !now.isBefore(end.plus(SETTLED)))
                .isPresent();
    }
}
