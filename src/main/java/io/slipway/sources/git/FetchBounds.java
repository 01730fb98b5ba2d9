package io.slipway.sources.git;

import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What one fetch may take, all its requests together: time, and bytes in each of its phases. */
final class FetchBounds {

    /** Of refs, which are held in memory. */
    private static final long MOST_OF_REFS = 32 << 20;

    private final GitFetchSettings settings;
    private final long mostOfPack;
    private final long began = System.nanoTime();
    private final AtomicLong left = new AtomicLong(MOST_OF_REFS);
    private volatile boolean isPack;
    private volatile @Nullable SourceFailure failure;

    FetchBounds(GitFetchSettings settings, long mostOfPack) {
        this.settings = settings;
        this.mostOfPack = mostOfPack;
    }

    /** What comes from now on is a pack. */
    void packBegins() {
        isPack = true;
        left.set(mostOfPack);
    }

    Duration timeLeft() {
        return settings.timeout().minusNanos(System.nanoTime() - began);
    }

    boolean isOver() {
        return failure != null || timeLeft().isNegative();
    }

    void requireTime() {
        if (timeLeft().isNegative()) {
            throw failed(overdue());
        }
    }

    SourceFailure overdue() {
        return new SourceFailure(
                Kind.UNAVAILABLE,
                "The source was not fetched within " + settings.timeout().toSeconds()
                        + " s (slipway.sources.git.fetch.timeout). Nothing was accepted; send an archive of the commit,"
                        + " or ask an operator for more time.");
    }

    void take(long bytes) {
        requireTime();
        if (left.addAndGet(-bytes) < 0) {
            throw failed(
                    isPack
                            ? tooLarge("The host sends more than " + (mostOfPack >> 20)
                                    + " MB for the commit (slipway.sources.git.fetch.max-pack,"
                                    + " slipway.submission.max-upload, or what is free on the service's disk).")
                            : tooLarge("The repository has more branches and tags than are read."));
        }
    }

    static SourceFailure tooLarge(String message) {
        return new SourceFailure(Kind.TOO_LARGE, message);
    }

    /** Kept, since JGit makes exceptions of its own out of those that it meets. */
    SourceFailure failed(SourceFailure why) {
        if (failure == null) {
            failure = why;
        }
        return why;
    }

    /** Why the fetch had to end, if it was for one of these bounds or rules. */
    @Nullable
    SourceFailure failure() {
        return failure;
    }
}
