package io.slipway.submission;

import io.slipway.jobs.Owner;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much one owner may have here. What is not set has no bound.
 *
 * @param liveJobs jobs that have not ended, wherever they are
 * @param queuedJobs jobs that wait in our own queue
 * @param submissionsPerMinute new jobs a minute, counted by each replica for itself; as many may come at once
 * @param owners other bounds for some, by name; what one of them leaves open is as for everybody
 */
@ConfigurationProperties("slipway.quotas")
record QuotaSettings(
        @Nullable Integer liveJobs,
        @Nullable Integer queuedJobs,
        @Nullable Integer submissionsPerMinute,
        @DefaultValue Map<String, Quota> owners) {

    record Quota(
            @Nullable Integer liveJobs,
            @Nullable Integer queuedJobs,
            @Nullable Integer submissionsPerMinute) {

        private void check(String at) {
            for (Integer each : new @Nullable Integer[] {liveJobs, queuedJobs, submissionsPerMinute}) {
                if (each != null && each < 1) {
                    throw new IllegalArgumentException(at
                            + ": live-jobs, queued-jobs and submissions-per-minute must be 1 or more, or be left out");
                }
            }
        }
    }

    QuotaSettings {
        owners = Map.copyOf(owners);
        new Quota(liveJobs, queuedJobs, submissionsPerMinute).check("slipway.quotas");
        owners.forEach((owner, quota) -> quota.check("slipway.quotas.owners." + owner));
    }

    Quota of(Owner owner) {
        Quota own = owners.get(owner.value());
        return own == null
                ? new Quota(liveJobs, queuedJobs, submissionsPerMinute)
                : new Quota(
                        own.liveJobs == null ? liveJobs : own.liveJobs,
                        own.queuedJobs == null ? queuedJobs : own.queuedJobs,
                        own.submissionsPerMinute == null ? submissionsPerMinute : own.submissionsPerMinute);
    }
}
