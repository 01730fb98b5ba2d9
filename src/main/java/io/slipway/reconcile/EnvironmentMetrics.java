package io.slipway.reconcile;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.slipway.environments.BuiltEnvironment;
import io.slipway.environments.Environment;
import io.slipway.environments.EnvironmentState;
import io.slipway.jobs.Job;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How often environments were there already, and what building them took. */
@Component
class EnvironmentMetrics {

    private final MeterRegistry meters;
    private final Timer seconds;
    private final DistributionSummary bytes;

    EnvironmentMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.seconds = Timer.builder("slipway.environments.build")
                .description("How long builds of Python environments took that went well.")
                .register(meters);
        this.bytes = DistributionSummary.builder("slipway.environments.size")
                .description("Bytes of Python environments that were built.")
                .baseUnit("bytes")
                .register(meters);
    }

    /** A hit is a job that comes when the environment is there, or is being built for another. */
    void wanted(Environment environment, Job job) {
        boolean hit = !environment.state().isLive() || environment.createdAt().isBefore(job.createdAt());
        meters.counter("slipway.environments.wanted", "hit", String.valueOf(hit))
                .increment();
    }

    /** A job that did not ask for its requirements goes without them. */
    void leftOut() {
        meters.counter("slipway.environments.left.out").increment();
    }

    void ended(EnvironmentState state, @Nullable BuiltEnvironment built) {
        meters.counter("slipway.environments.builds", "outcome", state.name().toLowerCase(Locale.ROOT))
                .increment();
        if (built != null) {
            seconds.record(Duration.ofMillis((long) (built.seconds() * 1000)));
            bytes.record(built.sizeBytes());
        }
    }
}
