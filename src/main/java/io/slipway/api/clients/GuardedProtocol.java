package io.slipway.api.clients;

import java.util.Objects;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.jspecify.annotations.Nullable;

/** Tomcat's HTTP/1.1, whose threads wait for clients within limits. Public because Tomcat makes it, by its name. */
public final class GuardedProtocol extends Http11NioProtocol {

    private @Nullable WaitingSlots slots;
    private @Nullable ClientSettings settings;

    void use(WaitingSlots given, ClientSettings limits) {
        slots = given;
        settings = limits;
    }

    @Override
    protected Processor createProcessor() {
        return new GuardedProcessor(this, Objects.requireNonNull(slots), Objects.requireNonNull(settings));
    }
}
