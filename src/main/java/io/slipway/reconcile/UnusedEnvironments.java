package io.slipway.reconcile;

import io.slipway.environments.BuildRef;
import io.slipway.environments.Environment;
import io.slipway.environments.EnvironmentBuilder;
import io.slipway.environments.EnvironmentBuilders;
import io.slipway.environments.EnvironmentChanges;
import io.slipway.environments.Environments;
import io.slipway.environments.EnvironmentsSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Environments that no job has used for long and none that is kept refers to. What lies outside the database goes first. */
@Component
class UnusedEnvironments {

    private static final Logger log = LoggerFactory.getLogger(UnusedEnvironments.class);

    private final Environments environments;
    private final EnvironmentChanges changes;
    private final EnvironmentBuilders builders;
    private final EnvironmentsSettings settings;
    private final RetentionSettings retention;
    private final Leadership leadership;
    private final Clock clock;

    UnusedEnvironments(
            Environments environments,
            EnvironmentChanges changes,
            EnvironmentBuilders builders,
            EnvironmentsSettings settings,
            RetentionSettings retention,
            Leadership leadership,
            Clock clock) {
        this.environments = environments;
        this.changes = changes;
        this.builders = builders;
        this.settings = settings;
        this.retention = retention;
        this.leadership = leadership;
        this.clock = clock;
    }

    @Scheduled(
            fixedDelayString = "${slipway.retention.every:10m}",
            initialDelayString = "${slipway.retention.every:10m}")
    void sweep() {
        Instant now = clock.instant();
        if (!leadership.isLeader()) {
            return;
        }
        for (String id : environments.unused(now.minus(settings.unused()), retention.batch())) {
            if (leadership.isLeader()) {
                environments.findById(id).ifPresent(this::remove);
            }
        }
        environments.forgetRequirements(now.minus(retention.artifactGrace()));
    }

    private void remove(Environment environment) {
        try {
            Optional<EnvironmentBuilder> builder = builders.of(environment.cluster());
            if (builder.isPresent()) {
                for (BuildRef build : environment.builds()) {
                    builder.get().remains().remove(build);
                }
            }
            changes.remove(environment.id());
        } catch (IOException | RuntimeException failure) {
            log.warn(
                    "Environment {} could not be removed and is tried again: {}", environment.id(), failure.toString());
        }
    }
}
