package io.slipway.environments.local;

import io.slipway.project.requirements.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** What the machine's own Python has for those who run in it without an environment. */
final class OwnPackages {

    private static final Logger log = LoggerFactory.getLogger(OwnPackages.class);

    /** For the jobs that come together; whoever removes a package does not have to restart the service. */
    private static final Duration HOLDS = Duration.ofSeconds(20);

    private final BuilderProgram program;
    private final Path folder;
    private final Clock clock;
    private final Map<Wish, Told> known = new ConcurrentHashMap<>();

    OwnPackages(BuilderProgram program, Path folder, Clock clock) {
        this.program = program;
        this.folder = folder;
        this.clock = clock;
    }

    private record Wish(Requirements requirements, @Nullable String version) {}

    private record Told(boolean complete, Instant until) {}

    /**
     * Whether all of it is there, in versions that fit; not where that cannot be told, as of what is named by a hash.
     *
     * @param version {@code 3.11}, if it must be that one
     */
    boolean have(Requirements requirements, @Nullable String version) {
        if (!program.isPythonOfRuns()) {
            return false;
        }
        Instant now = clock.instant();
        known.values().removeIf(told -> now.isAfter(told.until()));
        return known.computeIfAbsent(
                        new Wish(requirements, version),
                        wish -> new Told(ask(wish), clock.instant().plus(HOLDS)))
                .complete();
    }

    private boolean ask(Wish wish) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("lines", wish.requirements().lines());
        json.put("constraints", wish.requirements().constraints());
        json.put("noDeps", wish.requirements().locked());
        json.put("version", wish.version());
        try {
            return Boolean.parseBoolean(
                    program.ask("complete", folder, JsonMapper.shared().writeValueAsString(json))
                            .strip());
        } catch (IOException silent) {
            log.info("What Python has on this machine could not be learned: {}", silent.getMessage());
            return false;
        }
    }
}
