package io.slipway.api.clients;

import java.io.IOException;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/** A request's body, whoever reads it: the application, or Tomcat for a form's fields. */
record TimedBody(InputBuffer body) implements InputBuffer {

    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
        Turn turn = Turn.current();
        return turn == null ? body.doRead(handler) : turn.read(() -> body.doRead(handler));
    }

    @Override
    public int available() {
        return body.available();
    }
}
