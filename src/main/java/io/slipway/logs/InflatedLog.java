package io.slipway.logs;

import io.slipway.compute.LogRefused;
import io.slipway.compute.MeasuredStream;
import io.slipway.compute.RunStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log as a plain file on this disk, which grows while it is inflated. */
final class InflatedLog implements LogBytes {

    private static final Logger log = LoggerFactory.getLogger(InflatedLog.class);

    /** After a failure, or where only reading tells whether there is more. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private static final long TRIM_EVERY = 64L << 20;

    private final Path file;
    private final long mostBytes;
    private final Clock clock;
    private final Runnable trim;
    private volatile long written;
    private volatile boolean atWork;
    private volatile boolean dropped;
    private volatile boolean cut;
    private volatile double share;
    private volatile @Nullable String trouble;
    private volatile @Nullable Future<?> work;

    /** Of the revision that need not be opened again: it was read to its end, or can never be. */
    private volatile @Nullable String complete;

    private @Nullable String tried;
    private Instant lastTry = Instant.MIN;

    /** @param trim makes room on the disk; called now and then while it grows */
    InflatedLog(Path file, long mostBytes, Clock clock, Runnable trim) {
        this.file = file;
        this.mostBytes = mostBytes;
        this.clock = clock;
        this.trim = trim;
    }

    /**
     * What was inflated stays; a later look only adds what came after it, when there may be any.
     *
     * @return whether that begins now
     */
    synchronized boolean goOn(RunStream stream, ExecutorService inflaters) {
        if (atWork || written >= mostBytes || !isDue(stream.revision())) {
            return false;
        }
        lastTry = clock.instant();
        tried = stream.revision();
        share = 0;
        atWork = true;
        work = inflaters.submit(() -> inflate(stream));
        return true;
    }

    private boolean isDue(String revision) {
        if (lastTry.equals(Instant.MIN)) {
            return true;
        }
        if (!revision.isEmpty() && revision.equals(complete)) {
            return false;
        }
        boolean isNew = !revision.isEmpty() && !revision.equals(tried);
        return isNew || !clock.instant().isBefore(lastTry.plus(AGAIN));
    }

    private void inflate(RunStream stream) {
        try (InputStream in = stream.open(written);
                RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(written);
            cut = !copy(in, out);
            trouble = cut ? "It is too long to be shown to its end; the download has all of it." : null;
            complete = stream.revision();
        } catch (IOException | RuntimeException unreadable) {
            log.warn("The log {} cannot be read further: {}", stream.id(), unreadable.toString());
            trouble = words(unreadable);
            if (isDamage(unreadable)) {
                complete = stream.revision();
            }
        } catch (Error fault) {
            trouble = "a fault of the service (" + fault + ")";
            throw fault;
        } finally {
            atWork = false;
        }
    }

    /** @return whether that was all of it */
    private boolean copy(InputStream in, RandomAccessFile out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long untrimmed = TRIM_EVERY;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            int kept = (int) Math.min(read, mostBytes - written);
            out.write(buffer, 0, kept);
            written += kept;
            if (dropped || kept < read) {
                return false;
            }
            share = in instanceof MeasuredStream measured ? measured.share() : 0;
            untrimmed += kept;
            if (untrimmed >= TRIM_EVERY) {
                untrimmed = 0;
                trim.run();
            }
        }
        return true;
    }

    private static boolean isDamage(Exception failure) {
        return failure instanceof ZipException || failure instanceof EOFException;
    }

    private static String words(Exception failure) {
        if (failure instanceof LogRefused refused) {
            return String.valueOf(refused.getMessage());
        }
        if (isDamage(failure)) {
            return "Its compressed file is damaged.";
        }
        return failure instanceof NoSuchFileException
                ? "It is no longer where it was."
                : "Reading it broke off. Look again in half a minute.";
    }

    @Override
    public void await(Duration longest) {
        Future<?> going = work;
        if (going == null) {
            return;
        }
        try {
            going.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException goesOn) {
            log.trace("a log is shown as far as it is inflated", goesOn);
        }
    }

    @Override
    public long size() {
        return written;
    }

    @Override
    public byte[] read(long position, int length) throws IOException {
        long there = written;
        if (position >= there) {
            return new byte[0];
        }
        byte[] bytes = new byte[(int) Math.min(length, there - position)];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(position);
            in.readFully(bytes);
        }
        return bytes;
    }

    /** Never 1 before the end: that is what a page waits for. */
    @Override
    public double progress() {
        return atWork ? Math.min(0.99, share) : 1;
    }

    /** Of the last try; while another one goes on there is hope. */
    @Override
    public @Nullable String trouble() {
        return atWork ? null : trouble;
    }

    @Override
    public boolean isCut() {
        return cut;
    }

    void delete() {
        dropped = true;
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            log.debug("{} stays until the next start: {}", file, left.toString());
        }
    }
}
