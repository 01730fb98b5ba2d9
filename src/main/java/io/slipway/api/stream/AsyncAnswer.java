package io.slipway.api.stream;

import io.slipway.api.clients.Connection;
import io.slipway.api.clients.Turn;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An answer that goes on for long, written without ever waiting for its reader: what the socket does not take now lies ready until the
 * container says that it does. One thread at a time writes, whichever comes; no lock is held meanwhile.
 */
final class AsyncAnswer implements WriteListener, AsyncListener {

    private final AsyncContext exchange;
    private final @Nullable Connection connection;
    private final ServletOutputStream out;
    private volatile Runnable whenClosed = () -> {};
    private final Queue<byte[]> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger readyBytes = new AtomicInteger();
    private final AtomicInteger writers = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean givenUp = new AtomicBoolean();
    private volatile boolean begun;
    private volatile boolean ending;
    private volatile boolean completing;
    private volatile boolean cutting;
    private volatile boolean probing;

    /** The container ends the answer, whose parts serve another one afterwards. */
    private volatile boolean over;

    private volatile @Nullable Thread writer;
    private volatile @Nullable Runnable whenTaken;
    private volatile Instant lastWord;
    private volatile @Nullable Instant waitingSince;
    private boolean unflushed;

    private AsyncAnswer(AsyncContext exchange, Instant now) throws IOException {
        this.exchange = exchange;
        this.connection = Turn.connection();
        this.out = exchange.getResponse().getOutputStream();
        this.lastWord = now;
    }

    /** Takes over the answer of this request, whose thread is free afterwards; nothing is written before {@link #begin}. */
    static AsyncAnswer to(HttpServletRequest request, HttpServletResponse response, Instant now) throws IOException {
        // Proxies of the nginx kind would gather an answer before they hand it on.
        response.setHeader("X-Accel-Buffering", "no");
        AsyncContext exchange = request.startAsync(request, response);
        exchange.setTimeout(0);
        return new AsyncAnswer(exchange, now);
    }

    /** @param whenClosed called once, when nothing more is written */
    void begin(Runnable whenClosed) {
        this.whenClosed = whenClosed;
        exchange.addListener(this);
        out.setWriteListener(this);
    }

    boolean isClosed() {
        return closed.get();
    }

    boolean isEnding() {
        return ending;
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

    /** Ends the answer when its reader has closed the connection, which nobody notices while nothing is written. */
    void closeIfLeft() {
        probing = connection != null;
        write();
    }

    void say(byte[] bytes, Instant now) {
        readyBytes.addAndGet(bytes.length);
        ready.add(bytes);
        lastWord = now;
        if (waitingSince == null) {
            waitingSince = now;
        }
    }

    /** Sends the headers, though there is no byte yet. */
    void sendHeaders() {
        unflushed = true;
    }

    /** Nothing more will be said: the answer ends when its reader has taken what lies ready. */
    void endWhenTaken() {
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
        if (probing) {
            probing = false;
            // Not after its end: what comes then is the next request.
            if (connection != null && !closed.get() && connection.isLeft()) {
                forget();
                connection.cut();
                return;
            }
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
            // The container gets the error, too, and ends the answer.
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

    /** Breaks the answer off, so that nobody takes what they got for all of it. */
    void cut() {
        cutting = connection != null;
        close();
    }

    /** Whether it was open until now; nothing more is written. */
    private boolean forget() {
        boolean first = closed.compareAndSet(false, true);
        if (first) {
            ready.clear();
            whenClosed.run();
        }
        return first;
    }

    private void complete() {
        if (cutting && connection != null) {
            // The container ends the exchange as that of a client who is gone.
            connection.cut();
            return;
        }
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
        endExchange();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        endExchange();
    }

    private void endExchange() {
        letGo();
        cutting = false;
        complete();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        letGo();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
