package io.slipway.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How much faster than in the world everything goes: every window and every quota, ours and AWS's, by the one factor. Our own are those
 * that the jar's configuration metadata names, so that a setting which comes is scaled, too.
 */
record Scale(double factor) {

    static final Scale USUAL = new Scale(Integer.getInteger("slipway.chaos.scale", 20));

    private static final Pattern SCALED =
            Pattern.compile("slipway\\.(compute\\.emr\\..*|reconcile\\..*|submission\\.heartbeat)");
    private static final JsonMapper JSON = new JsonMapper();

    Duration of(Duration inTheWorld) {
        return Duration.ofMillis(Math.round(inTheWorld.toMillis() / factor));
    }

    /** As on the command line, without the dashes. */
    List<String> settings() throws IOException {
        List<String> settings = new ArrayList<>();
        try (InputStream metadata =
                Scale.class.getClassLoader().getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : JSON.readTree(metadata).get("properties")) {
                String name = property.get("name").asString();
                if (SCALED.matcher(name).matches()) {
                    String value = property.path("defaultValue").asString("");
                    switch (property.get("type").asString()) {
                        case "java.time.Duration" -> settings.add(name + "=" + millis(value));
                        case "java.lang.Double" -> settings.add(name + "=" + Double.parseDouble(value) * factor);
                        default -> {}
                    }
                }
            }
        }
        settings.addAll(breaker("emr"));
        settings.addAll(breaker("s3"));
        return settings;
    }

    private String millis(String duration) {
        return of(DurationStyle.detectAndParse(duration)).toMillis() + "ms";
    }

    /** The numbers that are in the code for each, with its windows scaled. */
    private List<String> breaker(String name) {
        String breaker = "resilience4j.circuitbreaker.instances." + name;
        String retry = "resilience4j.retry.instances." + name;
        return List.of(
                breaker + ".sliding-window-size=20",
                breaker + ".minimum-number-of-calls=10",
                breaker + ".wait-duration-in-open-state=" + millis("15s"),
                retry + ".max-attempts=3",
                retry + ".wait-duration=" + millis("400ms"),
                retry + ".enable-exponential-backoff=true",
                retry + ".exponential-backoff-multiplier=2.5");
    }
}
