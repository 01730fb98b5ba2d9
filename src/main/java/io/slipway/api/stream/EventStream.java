package io.slipway.api.stream;

import io.slipway.jobs.feed.FeedEvent;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One reader's answer, written without ever waiting for the reader: what the socket does not take now lies ready until the container
 * says that it does. One thread at a time writes, whichever comes; no lock is held meanwhile.
 */
final class EventStream implements WriteListener, AsyncListener {

    private final Reader reader;

    /** The login that it was asked by; {@code null} for a token. */
    private final @Nullable String session;

    private final AsyncContext exchange;
    private final ServletOutputStream out;
    private final Consumer<EventStream> whenClosed;
    private final Queue<byte[]> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger readyBytes = new AtomicInteger();
    private final AtomicInteger writers = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean givenUp = new AtomicBoolean();
    private volatile boolean begun;
    private volatile boolean ending;
    private volatile boolean completing;

    /** The container ends the answer, whose parts serve another one afterwards. */
    private volatile boolean over;

    private volatile @Nullable Thread writer;
    private volatile @Nullable Runnable whenTaken;
    private volatile Instant lastWord;
    private final Instant openedAt;
    private volatile @Nullable Instant waitingSince;
    private volatile long position;
    private volatile @Nullable Instant awaitsUntil;
    private boolean unflushed;

    EventStream(
            Reader reader,
            @Nullable String session,
            AsyncContext exchange,
            Instant now,
            Consumer<EventStream> whenClosed)
            throws IOException {
        this.reader = reader;
        this.session = session;
        this.exchange = exchange;
        this.out = exchange.getResponse().getOutputStream();
        this.whenClosed = whenClosed;
        this.lastWord = now;
        this.openedAt = now;
        this.position = reader.after();
        this.awaitsUntil = reader.awaitsUntil();
    }

    void begin() {
        exchange.addListener(this);
        out.setWriteListener(this);
    }

    Reader reader() {
        return reader;
    }

    @Nullable
    String session() {
        return session;
    }

    /** Whether its reader is to show again that they may read it: a login may have ended. */
    boolean isOlderThan(Instant opened) {
        return openedAt.isBefore(opened);
    }

    /** Up to where it has what it should. */
    long position() {
        return position;
    }

    /** Everything up to here was looked at for it. */
    void passed(long upTo) {
        position = Math.max(position, upTo);
    }

    boolean isClosed() {
        return closed.get();
    }

    int readyBytes() {
        return readyBytes.get();
    }

    Instant lastWord() {
        return lastWord;
    }

    /** Whether something has lain ready since before the given time, and never all of it was taken. */
    boolean waitsSince(Instant before) {
        Instant since = waitingSince;
        return since != null && since.isBefore(before);
    }

    /** Lays an event ready if it is for this reader and they do not have it; nothing is written yet. */
    void offer(Frame frame, Instant now) {
        if (ending || frame.event().position() <= position) {
            return;
        }
        position = frame.event().position();
        if (reader.filter().matches(frame.event())) {
            say(frame.bytes(), now);
            if (reader.endsWithJob()) {
                endsWith(frame.event(), now);
            }
        }
    }

    private void endsWith(FeedEvent event, Instant now) {
        if (event.endsTheStory()) {
            end(now);
        } else if (event.awaitsCauseUntil() != null) {
            awaitsUntil = event.awaitsCauseUntil();
        }
    }

    /** Ends a stream that has waited long enough for why its job failed. Whether it did. */
    boolean endWhenOverdue(Instant now) {
        Instant until = awaitsUntil;
        boolean isOverdue = until != null && !ending && !now.isBefore(until);
        if (isOverdue) {
            end(now);
        }
        return isOverdue;
    }

    void say(byte[] bytes, Instant now) {
        readyBytes.addAndGet(bytes.length);
        ready.add(bytes);
        lastWord = now;
        if (waitingSince == null) {
            waitingSince = now;
        }
    }

    /** Says that nothing more will come; the answer ends when the reader has taken it. */
    void end(Instant now) {
        say(Frame.bytes("event: end\ndata: {\"position\":" + position + "}\n\n"), now);
        ending = true;
    }

    /** Runs it once, when the reader has taken everything that is ready. */
    void whenTaken(Runnable then) {
        whenTaken = then;
        write();
    }

    /** Writes what the socket takes. */
    void write() {
        if (writers.getAndIncrement() != 0) {
            return;
        }
        int rounds = 1;
        do {
            writer = Thread.currentThread();
            if (!over) {
                writeSome();
            }
            writer = null;
            rounds = writers.addAndGet(-rounds);
        } while (rounds != 0);
    }

    private void writeSome() {
        if (completing) {
            completing = false;
            complete();
            return;
        }
        try {
            while (begun && !closed.get() && out.isReady()) {
                byte[] next = ready.poll();
                if (next != null) {
                    out.write(next);
                    readyBytes.addAndGet(-next.length);
                    unflushed = true;
                } else if (unflushed) {
                    unflushed = false;
                    out.flush();
                } else {
                    taken();
                    return;
                }
            }
        } catch (IOException | IllegalStateException gone) {
            // The container has heard of it, too, and ends the answer.
            forget();
        }
    }

    private void taken() {
        waitingSince = null;
        if (ending) {
            forget();
            complete();
            return;
        }
        Runnable then = whenTaken;
        if (then != null) {
            whenTaken = null;
            then.run();
        }
    }

    /** Whether it is given up now, and not before. */
    boolean giveUp() {
        return givenUp.compareAndSet(false, true);
    }

    /** Ends the answer, after whoever is writing now. */
    void close() {
        if (forget()) {
            completing = true;
            write();
        }
    }

    /** Whether it was open until now; nothing more is written. */
    private boolean forget() {
        boolean first = closed.compareAndSet(false, true);
        if (first) {
            ready.clear();
            whenClosed.accept(this);
        }
        return first;
    }

    private void complete() {
        try {
            exchange.complete();
        } catch (IllegalStateException over) {
            // The container ended it before.
        }
    }

    @Override
    public void onWritePossible() {
        begun = true;
        write();
    }

    /**
     * Called by the container before it makes the next answer of this one's parts: whoever is still within a write of ours has to be
     * out of it, or what it leaves behind there, such as the failure of this connection, would be the next one's.
     */
    private void letGo() {
        over = true;
        forget();
        while (writers.get() != 0 && writer != Thread.currentThread()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void onError(Throwable gone) {
        letGo();
    }

    @Override
    public void onError(AsyncEvent event) {
        letGo();
        complete();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        letGo();
        complete();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        letGo();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
