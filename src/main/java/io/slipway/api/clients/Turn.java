package io.slipway.api.clients;

import io.slipway.api.clients.WaitingSlots.Slot;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * A thread at work for a client. It has a slot among those who may wait for clients, or it waits no longer than {@link #IMPATIENCE}:
 * so a client is answered even when no slot is left, as long as it sends what it has and takes what it gets.
 */
public final class Turn {

    /** How long a thread without a slot waits. Long enough for a pause of the machine, far too short to hold the threads. */
    private static final Duration IMPATIENCE = Duration.ofMillis(100);

    /** Between turns only streams write, which have a patience of their own. */
    private static final Duration BETWEEN_TURNS = Duration.ofMinutes(1);

    private static final ThreadLocal<Turn> OF_THIS_THREAD = new ThreadLocal<>();

    private final SocketWrapperBase<?> socket;
    private final WaitingSlots slots;
    private final ClientSettings settings;
    private @Nullable Request http;
    private @Nullable Slot slot;
    private String owner = WaitingSlots.NOBODY;
    private long mostBytes;
    /** Time that was waited, less what the bytes that came in it have earned. What came fast earns no credit for later. */
    private long debtNanos;

    private long bytes;
    private boolean leavesBody;
    private @Nullable ClientFault fault;

    private Turn(SocketWrapperBase<?> socket, WaitingSlots slots, ClientSettings settings) {
        this.socket = socket;
        this.slots = slots;
        this.settings = settings;
    }

    static Turn begin(SocketWrapperBase<?> socket, WaitingSlots slots, ClientSettings settings) {
        Turn turn = new Turn(socket, slots, settings);
        OF_THIS_THREAD.set(turn);
        turn.socket.setWriteTimeout(IMPATIENCE.toMillis());
        return turn;
    }

    /** {@code null} in a thread that works for no client. */
    public static @Nullable Turn current() {
        return OF_THIS_THREAD.get();
    }

    /** That of the request for which this thread works; {@code null} in a thread that works for no client. */
    public static @Nullable Connection connection() {
        Turn turn = current();
        return turn == null || turn.http == null ? null : new Connection(turn.socket, turn.http);
    }

    /** A request begins; who sent it is not known yet. */
    void request(Request request) {
        http = request;
        mostBytes = settings.maxBody().toBytes();
        debtNanos = 0;
        bytes = 0;
        fault = null;
        belongsTo(WaitingSlots.NOBODY);
    }

    /** From here on the thread waits on behalf of this owner. */
    public void belongsTo(String owner) {
        giveBack();
        this.owner = owner;
        mayWait();
    }

    /** Whether the thread has a slot. Without one it asks once more: others may have given theirs back. */
    public boolean mayWait() {
        if (slot == null) {
            slot = slots.take(owner);
            socket.setWriteTimeout(longestWait().toMillis());
        }
        return slot != null;
    }

    /** The body of this request may be as long as this. */
    public void allow(long longestBody) {
        mostBytes = longestBody;
    }

    void leavesBody() {
        leavesBody = true;
    }

    boolean hasLeftBody() {
        return leavesBody;
    }

    void end() {
        OF_THIS_THREAD.remove();
        giveBack();
        socket.setWriteTimeout(BETWEEN_TURNS.toMillis());
    }

    private void giveBack() {
        if (slot != null) {
            slot.close();
            slot = null;
        }
    }

    /** One read of a body. */
    interface Read {
        int bytes() throws IOException;
    }

    int read(Read read) throws IOException {
        try {
            return timed(read);
        } catch (ClientFault refused) {
            fault = refused;
            throw refused;
        }
    }

    /** Why the body of this request is not read any further; Tomcat does not hand on what it read for a form. */
    public @Nullable ClientFault fault() {
        return fault;
    }

    private int timed(Read read) throws IOException {
        socket.setReadTimeout(longestWait().toMillis());
        long began = System.nanoTime();
        int count;
        try {
            count = read.bytes();
        } catch (SocketTimeoutException silent) {
            throw tooSlow();
        }
        waited(began, count);
        if (isTooSlow()) {
            throw tooSlow();
        }
        if (bytes > mostBytes) {
            throw new ClientFault(ClientFault.Kind.TOO_LONG, "The body is longer than " + mostBytes + " bytes.");
        }
        return count;
    }

    private void waited(long began, int count) {
        long some = Math.max(0, count);
        long earned = slot == null
                ? 0
                : TimeUnit.SECONDS.toNanos(some) / settings.slowest().toBytes();
        debtNanos = Math.max(0, debtNanos + System.nanoTime() - began - earned);
        bytes += some;
    }

    /** One write of an answer. */
    interface Write {
        void run() throws IOException;
    }

    /** Cuts the connection of a reader who is too slow: an end that looks like one would pass for the whole answer. */
    void write(int count, Write write) throws IOException {
        long began = System.nanoTime();
        write.run();
        waited(began, count);
        if (isTooSlow()) {
            socket.close();
            throw new SocketTimeoutException("The answer is taken too slowly.");
        }
    }

    private boolean isTooSlow() {
        // Without a slot the wait may have been the processor's fault, and the shortage is often over by now.
        return debtNanos > longestWait().toNanos() && (slot != null || !mayWait());
    }

    private Duration longestWait() {
        return slot == null ? IMPATIENCE : settings.patience();
    }

    private ClientFault tooSlow() {
        return slot == null
                ? new ClientFault(
                        ClientFault.Kind.NO_SLOT, "As many requests as the service allows wait for their clients.")
                : new ClientFault(
                        ClientFault.Kind.TOO_SLOW,
                        "The body came slower than " + settings.slowest().toKilobytes() + " KB/s.");
    }
}
