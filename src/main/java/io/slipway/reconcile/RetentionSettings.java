package io.slipway.reconcile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long what is over is kept.
 *
 * @param endedJobs how long after its end a job, its history and its output on this machine are kept, and how long
 *     the order of a cluster is; a cluster's own logs are not ours
 * @param artifactGrace how long a project that no job needs is kept before it is deleted; longer than any upload takes
 * @param batch how many are looked at in one query
 * @param every how long to leave between two sweeps
 */
@ConfigurationProperties("slipway.retention")
record RetentionSettings(
        @DefaultValue("30d") Duration endedJobs,
        @DefaultValue("1d") Duration artifactGrace,
        @DefaultValue("100") int batch,
        @DefaultValue("10m") Duration every) {

    RetentionSettings {
        for (Duration each : new Duration[] {endedJobs, artifactGrace, every}) {
            if (each.isNegative() || each.isZero()) {
                throw new IllegalArgumentException(
                        "slipway.retention: every duration must be longer than zero, such as 30d");
            }
        }
        if (batch < 1) {
            throw new IllegalArgumentException("slipway.retention.batch must be 1 or more");
        }
    }
}
