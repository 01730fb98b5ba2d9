package io.slipway.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.stereotype.Component;

/** Refuses to start where strangers could run code by accident. */
@Component
class ExposureCheck implements InitializingBean {

    private final Address address;
    private final SecuritySettings settings;

    ExposureCheck(Address address, SecuritySettings settings) {
        this.address = address;
        this.settings = settings;
    }

    /** {@code server.address}: where the service listens; nothing means every address of the machine. */
    @ConfigurationProperties("server")
    record Address(@Nullable String address) {}

    @Override
    public void afterPropertiesSet() throws UnknownHostException {
        String where = address.address();
        boolean loopback = where != null && InetAddress.getByName(where).isLoopbackAddress();
        if (!loopback && settings.tokens().isEmpty() && !settings.anonymous()) {
            throw new IllegalStateException("server.address is " + (where == null ? "not set" : where)
                    + ", which others can reach, and there are no slipway.security.tokens. Set tokens (owner: SHA-256 of a token),"
                    + " or slipway.security.anonymous=true when whoever reaches the port may run code.");
        }
    }
}
