package io.slipway.api.stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.feed.FeedEvent;
import io.slipway.jobs.feed.FeedListener;
import io.slipway.logs.FollowedLog;
import io.slipway.logs.FollowedLog.Piece;
import io.slipway.logs.LogsUnavailable;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * All logs that are followed by readers of this replica. A reader costs no thread: a few look in turn, one piece at a time, and the next
 * piece is looked for when the reader has taken the last. An answer that ends as HTTP says holds the log to its end; every other end is
 * a broken connection, and its reader comes back with the number of bytes that they have.
 */
@Component
public class LogStreams implements FeedListener, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LogStreams.class);

    /** Looks at once: they may wait for S3, and the threads serve the streams of events, too. */
    private static final int LOOKS = 4;

    /** Some changes of a row, such as the YARN application of a run, are no events. */
    private static final Duration JOB_IS_FRESH = Duration.ofSeconds(10);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final Jobs jobs;
    private final StreamSettings settings;
    private final Executor executor;
    private final StreamLimits limits;
    private final LoginStreams logins;
    private final Clock clock;
    private final Set<LogFollow> all = ConcurrentHashMap.newKeySet();
    private final Queue<LogFollow> due = new ConcurrentLinkedQueue<>();
    private final Semaphore looks = new Semaphore(LOOKS);
    private volatile boolean stopping;
    private volatile boolean running;

    LogStreams(
            Jobs jobs,
            StreamSettings settings,
            @Qualifier("applicationTaskExecutor") Executor executor,
            StreamLimits limits,
            LoginStreams logins,
            MeterRegistry meters,
            Clock clock) {
        this.jobs = jobs;
        this.settings = settings;
        this.executor = executor;
        this.limits = limits;
        this.logins = logins;
        this.clock = clock;
        Gauge.builder("slipway.log.streams", all, Set::size)
                .description("Logs that readers follow.")
                .register(meters);
    }

    /**
     * Answers the request with the log, to its end. The caller's thread is free when it returns.
     *
     * @param owner who reads
     * @throws TooManyStreams when there is no free slot for it
     */
    public void open(
            HttpServletRequest request, HttpServletResponse response, String owner, Job job, FollowedLog followed)
            throws IOException {
        limits.take(owner, stopping);
        LogFollow follow;
        try {
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            Instant now = clock.instant();
            AsyncAnswer answer = AsyncAnswer.to(request, response, now);
            follow = new LogFollow(owner, job, followed, answer, until(request, now));
        } catch (IOException | RuntimeException failure) {
            limits.giveBack(owner);
            throw failure;
        }
        all.add(follow);
        logins.opened(request, follow.answer(), follow.answer()::cut);
        follow.answer().sendHeaders();
        follow.answer().begin(() -> closed(follow));
        look(follow);
    }

    /** A login may end meanwhile; what is sent with each request is asked for again with the next one. */
    private Instant until(HttpServletRequest request, Instant now) {
        boolean isByLogin = request.getHeader(HttpHeaders.AUTHORIZATION) == null && request.getCookies() != null;
        return isByLogin ? now.plus(settings.longest()) : Instant.MAX;
    }

    private void closed(LogFollow follow) {
        logins.closed(follow.answer());
        if (all.remove(follow)) {
            limits.giveBack(follow.owner());
        }
    }

    /** Looks for whoever is due. */
    @Scheduled(fixedDelay = 200)
    void look() {
        all.forEach(this::look);
    }

    private void look(LogFollow follow) {
        if (follow.takesTurn(clock.instant())) {
            due.add(follow);
            lookForTheNext();
        }
    }

    /** In the order in which they came to be due: who has much to read does not keep others from theirs. */
    private void lookForTheNext() {
        while (!due.isEmpty() && looks.tryAcquire()) {
            LogFollow follow = due.poll();
            if (follow == null) {
                looks.release();
            } else {
                executor.execute(() -> lookFor(follow));
            }
        }
    }

    private void lookFor(LogFollow follow) {
        try {
            next(follow);
        } finally {
            follow.looked();
            looks.release();
            lookForTheNext();
            look(follow);
        }
    }

    private void next(LogFollow follow) {
        Instant now = clock.instant();
        try {
            if (follow.isJobOlderThan(now.minus(JOB_IS_FRESH)) && !refresh(follow, now)) {
                follow.answer().cut();
                return;
            }
            hand(follow, follow.log().next(follow.job(), now));
        } catch (LogsUnavailable failure) {
            log.debug("A log that is followed cannot be read now: {}", failure.getMessage());
            unreadable(follow, now);
        } catch (RuntimeException failure) {
            log.warn("A log that is followed cannot be read: {}", failure.toString());
            unreadable(follow, now);
        } catch (Error fault) {
            // Its reader comes back to a new one; this one would be silent for ever.
            follow.answer().cut();
            throw fault;
        }
    }

    /** Whether the job is still there. */
    private boolean refresh(LogFollow follow, Instant now) {
        Optional<Job> fresh = jobs.findById(follow.job().id());
        fresh.ifPresent(job -> follow.sees(job, now));
        return fresh.isPresent();
    }

    private void hand(LogFollow follow, Piece piece) {
        AsyncAnswer answer = follow.answer();
        if (piece.isLast()) {
            answer.endWhenTaken();
        } else if (piece.bytes().length == 0) {
            follow.looksAgain(clock.instant().plus(piece.pause()));
            return;
        } else {
            answer.say(piece.bytes(), clock.instant());
        }
        follow.looksAgain(null);
        answer.whenTaken(() -> {
            follow.looksAgain(clock.instant());
            look(follow);
        });
    }

    /** While the job goes on there is hope; afterwards its reader has to hear that there is more than they have. */
    private void unreadable(LogFollow follow, Instant now) {
        if (follow.job().state().isTerminal()) {
            follow.answer().cut();
        } else {
            follow.looksAgain(now.plus(AFTER_FAILURE));
        }
    }

    @Override
    public void apply(long after, List<FeedEvent> events) {
        if (all.isEmpty() || events.isEmpty()) {
            return;
        }
        Set<JobId> changed = events.stream().map(event -> event.job().id()).collect(Collectors.toSet());
        Instant now = clock.instant();
        all.stream().filter(follow -> changed.contains(follow.job().id())).forEach(follow -> follow.jobChanged(now));
    }

    /** An end to readers who take nothing, and to those who have gone. */
    @Scheduled(fixedDelay = 2000)
    void beat() {
        Instant now = clock.instant();
        Instant longAgo = now.minus(settings.patience());
        for (LogFollow follow : new ArrayList<>(all)) {
            if (follow.answer().waitsSince(longAgo) && follow.answer().giveUp()) {
                log.info("A log is no longer sent to {}: its reader does not keep up.", follow.owner());
                // Its end may wait for the socket.
                executor.execute(follow.answer()::cut);
            } else if (now.isAfter(follow.until())) {
                executor.execute(follow.answer()::cut);
            } else {
                follow.answer().closeIfLeft();
            }
        }
    }

    /** The jobs of which a log is followed here. */
    List<JobId> followedJobs() {
        return all.stream().map(follow -> follow.job().id()).distinct().toList();
    }

    @Override
    public void start() {
        stopping = false;
        running = true;
    }

    /** Before the server waits for its open requests: these would not end soon. */
    @Override
    public void stop() {
        stopping = true;
        running = false;
        new ArrayList<>(all).forEach(follow -> follow.answer().cut());
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
