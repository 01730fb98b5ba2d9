package io.slipway.api.stream;

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
    private volatile @Nullable Runnable whenTaken;
    private volatile Instant lastWord;
    private volatile @Nullable Instant waitingSince;
    private volatile long position;
    private boolean unflushed;

    EventStream(Reader reader, AsyncContext exchange, Instant now, Consumer<EventStream> whenClosed)
            throws IOException {
        this.reader = reader;
        this.exchange = exchange;
        this.out = exchange.getResponse().getOutputStream();
        this.whenClosed = whenClosed;
        this.lastWord = now;
        this.position = reader.after();
    }

    void begin() {
        exchange.addListener(this);
        out.setWriteListener(this);
    }

    Reader reader() {
        return reader;
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
            if (reader.endsWithJob() && frame.event().endsTheStory()) {
                end(now);
            }
        }
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
            writeSome();
            rounds = writers.addAndGet(-rounds);
        } while (rounds != 0);
    }

    private void writeSome() {
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
            close();
        }
    }

    private void taken() {
        waitingSince = null;
        if (ending) {
            close();
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

    void close() {
        if (closed.compareAndSet(false, true)) {
            ready.clear();
            whenClosed.accept(this);
            try {
                exchange.complete();
            } catch (IllegalStateException over) {
                // The container ended it before.
            }
        }
    }

    @Override
    public void onWritePossible() {
        begun = true;
        write();
    }

    @Override
    public void onError(Throwable gone) {
        close();
    }

    @Override
    public void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
