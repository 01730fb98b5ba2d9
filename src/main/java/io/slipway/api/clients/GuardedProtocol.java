package io.slipway.api.clients;

import java.util.Objects;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.jspecify.annotations.Nullable;

/** Tomcat's HTTP/1.1, whose threads wait for clients within limits. Public because Tomcat makes it, by its name. */
public final class GuardedProtocol extends Http11NioProtocol {

    private @Nullable WaitingPlaces places;
    private @Nullable ClientSettings settings;

    void use(WaitingPlaces given, ClientSettings limits) {
        places = given;
        settings = limits;
    }

    @Override
    protected Processor createProcessor() {
        return new GuardedProcessor(this, Objects.requireNonNull(places), Objects.requireNonNull(settings));
    }
}
