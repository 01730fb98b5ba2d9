package io.slipway.api.clients;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** Where the answer of a request goes. It is the request's as long as its exchange is not over; afterwards nobody may touch it. */
public final class Connection {

    private final SocketWrapperBase<?> socket;
    private final Request request;

    Connection(SocketWrapperBase<?> socket, Request request) {
        this.socket = socket;
        this.request = request;
    }

    /** Ends the exchange of an asynchronous answer and the connection, so that the client sees that the answer is not complete. */
    public void cut() {
        request.action(ActionCode.CLOSE_NOW, new EOFException("The answer is broken off."));
    }

    /**
     * Whether the client has closed its side. Nobody reads while an answer is on its way, so nobody else hears of that. A client that
     * sends its next request before it has the answer is cut off, too: that request would be read by nobody.
     */
    public boolean isLeft() {
        try {
            return socket.getSocket() instanceof NioChannel channel
                    && channel.getIOChannel() != null
                    && channel.getIOChannel().read(ByteBuffer.allocate(1)) != 0;
        } catch (IOException gone) {
            return true;
        }
    }
}
