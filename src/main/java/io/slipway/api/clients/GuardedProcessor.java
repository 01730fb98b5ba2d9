package io.slipway.api.clients;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.InputBuffer;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * One connection's requests. Headers that do not come hold no thread, and here no connection either. A body that nobody wanted is
 * thrown away as it comes, by no thread that would wait for it: a connection that is closed on unread bytes takes the answer with it.
 */
final class GuardedProcessor extends Http11Processor {

    private static final Duration LONGEST_LINGER = Duration.ofSeconds(10);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);

    /** Pieces that are thrown away in one go, so that a fast sender does not keep the thread. */
    private static final int A_GO = 64;

    private final WaitingSlots slots;
    private final ClientSettings settings;
    private byte @Nullable [] waste;
    private long lingersSince;

    GuardedProcessor(GuardedProtocol protocol, WaitingSlots slots, ClientSettings settings) {
        super(protocol, new TurnAdapter(protocol.getAdapter()));
        this.slots = slots;
        this.settings = settings;
        InputBuffer body = request.getInputBuffer();
        request.setInputBuffer(new TimedBody(body));
    }

    @Override
    public SocketState process(SocketWrapperBase<?> socket, SocketEvent event) throws IOException {
        if (waste != null) {
            return throwAway(socket, event, waste);
        }
        Turn turn = Turn.begin(socket, slots, settings);
        SocketState state;
        try {
            state = super.process(socket, event);
        } finally {
            turn.end();
        }
        if (state != SocketState.CLOSED
                || !turn.hasLeftBody()
                || !getErrorState().isIoAllowed()) {
            return state;
        }
        waste = new byte[8192];
        lingersSince = System.nanoTime();
        endAnswer(socket);
        return throwAway(socket, SocketEvent.OPEN_READ, waste);
    }

    @Override
    public SocketState service(SocketWrapperBase<?> socket) throws IOException {
        if (isUnderWay() && millisLeft() <= 0) {
            return SocketState.CLOSED;
        }
        SocketState state = super.service(socket);
        if (state == SocketState.LONG && !isAsync() && isUnderWay()) {
            // The rest of the headers; every byte would begin Tomcat's own time-out anew.
            socket.setReadTimeout(Math.max(1, millisLeft()));
        }
        return state;
    }

    private boolean isUnderWay() {
        return request.getStartTimeNanos() != -1;
    }

    private long millisLeft() {
        return settings.headers().toMillis()
                - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - request.getStartTimeNanos());
    }

    /** An answer without a length ends with the connection. */
    private static void endAnswer(SocketWrapperBase<?> socket) {
        try {
            if (socket.getSocket() instanceof NioChannel channel && channel.getIOChannel() != null) {
                channel.getIOChannel().shutdownOutput();
            }
        } catch (IOException gone) {
            // The next read sees it, too.
        }
    }

    private SocketState throwAway(SocketWrapperBase<?> socket, SocketEvent event, byte[] into) {
        if (event == SocketEvent.OPEN_READ && System.nanoTime() - lingersSince < LONGEST_LINGER.toNanos()) {
            try {
                for (int piece = 0; piece < A_GO && socket.read(false, into, 0, into.length) > 0; piece++) {
                    // Thrown away.
                }
                socket.setReadTimeout(LONGEST_SILENCE.toMillis());
                return SocketState.LONG;
            } catch (IOException gone) {
                // The client has what it wanted.
            }
        }
        waste = null;
        return SocketState.CLOSED;
    }
}
