package io.slipway.api.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.jobs.JobId;
import io.slipway.jobs.feed.EventFeed;
import io.slipway.jobs.feed.FeedEvent;
import io.slipway.jobs.feed.FeedListener;
import io.slipway.jobs.feed.FeedPage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * All open streams of this replica. News is laid ready for each and written as far as its socket takes it, so that the thread that
 * brings the news waits for nobody. A reader who comes back reads from the database up to where the last news in memory begins, and
 * goes on from there.
 */
@Component
public class EventStreams implements FeedListener, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EventStreams.class);

    /** Events in memory: who is less behind than this asks the database for nothing. */
    private static final int KEPT = 2000;

    private static final int A_PAGE = 200;

    private final EventFeed feed;
    private final FrameWriter frames;
    private final StreamSettings settings;
    private final Executor executor;
    private final Clock clock;
    private final StreamLimits limits;
    private final LoginStreams logins;
    private final Counter dropped;
    private final Set<EventStream> all = ConcurrentHashMap.newKeySet();

    /** Guards what follows: a stream joins the live ones between two tellings, never in the middle of one. */
    private final Object turn = new Object();

    private final Set<EventStream> live = ConcurrentHashMap.newKeySet();
    private final Deque<Frame> kept = new ArrayDeque<>();
    private long keptAfter = Long.MAX_VALUE;
    private long heardUpTo;
    private volatile boolean stopping;
    private volatile boolean running;

    EventStreams(
            EventFeed feed,
            FrameWriter frames,
            StreamSettings settings,
            @Qualifier("applicationTaskExecutor") Executor executor,
            LoginStreams logins,
            MeterRegistry meters,
            StreamLimits limits,
            Clock clock) {
        this.logins = logins;
        this.feed = feed;
        this.frames = frames;
        this.settings = settings;
        this.executor = executor;
        this.clock = clock;
        this.limits = limits;
        this.dropped = Counter.builder("slipway.streams.dropped")
                .description("Streams that were ended because their reader did not keep up.")
                .register(meters);
        Gauge.builder("slipway.streams", all, Set::size)
                .description("Open streams of events.")
                .register(meters);
    }

    /**
     * Answers the request with a stream. The caller's thread is free when it returns.
     *
     * @param reader what they may see, and where they go on
     * @throws TooManyStreams when there is no free slot for it
     */
    public void open(HttpServletRequest request, HttpServletResponse response, Reader reader) throws IOException {
        limits.take(reader.owner(), stopping);
        EventStream stream;
        try {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8");
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            Instant now = clock.instant();
            AsyncAnswer answer = AsyncAnswer.to(request, response, now);
            stream = new EventStream(reader, answer, now);
        } catch (IOException | RuntimeException failure) {
            limits.giveBack(reader.owner());
            throw failure;
        }
        all.add(stream);
        logins.opened(request, stream.answer(), stream.answer()::close);
        stream.answer().say(Frame.bytes("retry: " + settings.retry().toMillis() + "\n\n"), clock.instant());
        stream.answer().begin(() -> closed(stream));
        executor.execute(() -> catchUp(stream));
    }

    private void closed(EventStream stream) {
        live.remove(stream);
        logins.closed(stream.answer());
        if (all.remove(stream)) {
            limits.giveBack(stream.reader().owner());
        }
    }

    private void catchUp(EventStream stream) {
        try {
            while (!stream.answer().isClosed()) {
                if (isFull(stream)) {
                    stream.answer().whenTaken(() -> executor.execute(() -> catchUp(stream)));
                    return;
                }
                if (goesOn(stream)) {
                    stream.answer().write();
                    return;
                }
            }
        } catch (RuntimeException failure) {
            log.warn("A stream ends, its events cannot be read: {}", failure.toString());
            stream.answer().close();
        } catch (Error fault) {
            // Its reader comes back to a new one; this one would be silent for ever.
            stream.answer().close();
            throw fault;
        }
    }

    private boolean isFull(EventStream stream) {
        return stream.answer().readyBytes() > settings.buffer().toBytes();
    }

    /** Whether it has everything now, and gets all that follows; else it got the next piece of what it lacks. */
    private boolean goesOn(EventStream stream) {
        synchronized (turn) {
            if (stream.position() >= keptAfter) {
                return joins(stream);
            }
        }
        FeedPage page = feed.after(stream.position(), stream.reader().filter(), A_PAGE);
        page.events().forEach(event -> stream.offer(frames.of(event), clock.instant()));
        stream.passed(page.position());
        return false;
    }

    private boolean joins(EventStream stream) {
        for (Frame frame : kept) {
            if (isFull(stream)) {
                return false;
            }
            stream.offer(frame, clock.instant());
        }
        live.add(stream);
        if (stream.answer().isClosed()) {
            live.remove(stream);
        }
        return true;
    }

    @Override
    public void apply(long after, List<FeedEvent> events) {
        Instant now = clock.instant();
        List<Frame> news = events.stream().map(frames::of).toList();
        synchronized (turn) {
            if (after < heardUpTo) {
                beginAgain();
            }
            heardUpTo = events.isEmpty() ? after : events.get(events.size() - 1).position();
            keptAfter = Math.min(keptAfter, after);
            for (Frame frame : news) {
                kept.add(frame);
                live.forEach(stream -> stream.offer(frame, now));
            }
            while (kept.size() > KEPT) {
                keptAfter = kept.remove().event().position();
            }
        }
        live.forEach(this::write);
    }

    /** The database was put back to an earlier day: what is here never was. Readers come back, and go on from the feed's end. */
    private void beginAgain() {
        log.warn("The feed of events ends before what was read of it. All streams are ended, to begin again.");
        kept.clear();
        keptAfter = Long.MAX_VALUE;
        // Their ends may wait for sockets.
        new ArrayList<>(all).forEach(stream -> executor.execute(stream.answer()::close));
    }

    private void write(EventStream stream) {
        stream.answer().write();
        if (isFull(stream)) {
            // What follows waits in the database, not here.
            live.remove(stream);
            executor.execute(() -> catchUp(stream));
        }
    }

    private void drop(EventStream stream) {
        live.remove(stream);
        if (!stream.answer().giveUp()) {
            return;
        }
        dropped.increment();
        log.info(
                "A stream of {} is dropped at {}: its reader does not keep up.",
                stream.reader().owner(),
                stream.position());
        // Its end may wait for the socket.
        executor.execute(stream.answer()::close);
    }

    /** Comments for the silent, and an end to those who take nothing. */
    @Scheduled(fixedDelay = 1000)
    void beat() {
        Instant now = clock.instant();
        for (EventStream stream : new ArrayList<>(all)) {
            endWhenOverdue(stream, now);
            if (stream.isOlderThan(now.minus(settings.longest()))) {
                // Its end may wait for the socket.
                executor.execute(stream.answer()::close);
            } else if (stream.answer().waitsSince(now.minus(settings.patience()))) {
                drop(stream);
            } else if (!now.isBefore(stream.answer().lastWord().plus(settings.heartbeat()))) {
                comment(stream, now);
            }
        }
    }

    private void endWhenOverdue(EventStream stream, Instant now) {
        synchronized (turn) {
            if (!stream.endWhenOverdue(now)) {
                return;
            }
        }
        stream.answer().write();
    }

    /** The jobs that have a stream of their own open here. */
    List<JobId> followedJobs() {
        return all.stream()
                .flatMap(stream -> Stream.ofNullable(stream.reader().filter().jobId()))
                .distinct()
                .toList();
    }

    /** Says something beside the feed to those who follow the job, and have not got it yet. */
    void send(JobId jobId, String frame) {
        Instant now = clock.instant();
        for (EventStream stream : live) {
            if (!jobId.equals(stream.reader().filter().jobId()) || isFull(stream)) {
                continue;
            }
            synchronized (turn) {
                stream.send(frame, now);
            }
            stream.answer().write();
        }
    }

    private void comment(EventStream stream, Instant now) {
        synchronized (turn) {
            boolean isLive = live.contains(stream);
            stream.answer().say(isLive ? Frame.heartbeat(stream.position()) : Frame.HEARTBEAT, now);
        }
        stream.answer().write();
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the server waits for its open requests: these would never end. */
    @Override
    public void stop() {
        stopping = true;
        running = false;
        new ArrayList<>(all).forEach(stream -> stream.answer().close());
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
