package io.slipway.access;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call the service, and by which name it may be called.
 *
 * @param tokens owner → SHA-256 of the owner's bearer token, in hex; with none, every caller is the one owner {@code local}
 * @param operators owners who see and cancel everybody's jobs
 * @param anonymous allows an address other than loopback without tokens: whoever reaches the port may run code
 * @param openMetrics whether {@code /actuator/prometheus} is answered without a token, for a scraper in a network of its own
 * @param hosts names by which clients reach the service; {@code localhost} and IP addresses need not be named
 */
@ConfigurationProperties("slipway.security")
record SecuritySettings(
        @DefaultValue Map<String, String> tokens,
        @DefaultValue Set<String> operators,
        @DefaultValue("false") boolean anonymous,
        @DefaultValue("false") boolean openMetrics,
        @DefaultValue List<String> hosts) {

    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,99}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

    SecuritySettings {
        tokens = Map.copyOf(tokens);
        tokens.forEach(SecuritySettings::check);
        for (String operator : operators) {
            if (!tokens.containsKey(operator)) {
                throw new IllegalArgumentException("slipway.security.operators names '" + operator
                        + "', who has no token under slipway.security.tokens");
            }
        }
    }

    private static void check(String owner, String sha256) {
        if (!OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException(
                    "slipway.security.tokens: '" + owner
                            + "' cannot be an owner: use up to 100 letters, digits and . _ @ - (in YAML, quote a name with dots in brackets)");
        }
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("slipway.security.tokens." + owner
                    + " must be the SHA-256 of the token in 64 hex digits: printf %s \"$TOKEN\" | sha256sum");
        }
    }
}
