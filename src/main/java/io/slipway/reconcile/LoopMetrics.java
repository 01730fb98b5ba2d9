package io.slipway.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.SubmissionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** How far the table is behind the clusters, as the replica that leads measures it. */
@Component
class LoopMetrics {

    private final MeterRegistry meters;
    private final Leadership leadership;
    private final Map<String, Sightings> clusters = new ConcurrentHashMap<>();

    LoopMetrics(MeterRegistry meters, Leadership leadership) {
        this.meters = meters;
        this.leadership = leadership;
    }

    /** The runs that are live, and about to be looked at. */
    void live(String cluster, Collection<RunRef> live, Instant now) {
        of(cluster).live(live, leadership.term(), now);
    }

    /** The result of a look. */
    void record(String cluster, List<RunReport> reports, Instant now) {
        of(cluster).record(reports, now);
    }

    void aged(String cluster, Instant now) {
        of(cluster).aged(now);
    }

    private Sightings of(String cluster) {
        return clusters.computeIfAbsent(cluster, this::register);
    }

    private Sightings register(String cluster) {
        Sightings made = new Sightings();
        Gauge.builder("slipway.staleness", made, seen -> leadership.isLeader() ? seen.seconds() : Double.NaN)
                .description(
                        "Seconds since the live run that was not looked at for longest was looked at; NaN on a replica that does"
                                + " not lead.")
                .tag("cluster", cluster)
                .register(meters);
        return made;
    }

    /** When each live run of a cluster was last reported. */
    private static final class Sightings {

        private final Map<SubmissionKey, Instant> last = new ConcurrentHashMap<>();
        private volatile double seconds;
        private long term;

        void live(Collection<RunRef> live, long currentTerm, Instant now) {
            if (term != currentTerm) {
                // When others looked last is not known here.
                term = currentTerm;
                last.clear();
            }
            live.forEach(run -> last.putIfAbsent(run.submissionKey(), now));
            last.keySet().retainAll(live.stream().map(RunRef::submissionKey).collect(Collectors.toSet()));
            aged(now);
        }

        void record(List<RunReport> reports, Instant now) {
            reports.forEach(report -> {
                if (report.phase().isEnd()) {
                    last.remove(report.submissionKey());
                } else {
                    last.computeIfPresent(report.submissionKey(), (key, at) -> report.lookedFrom());
                }
            });
            aged(now);
        }

        void aged(Instant now) {
            seconds = last.values().stream()
                            .mapToLong(at -> Duration.between(at, now).toMillis())
                            .max()
                            .orElse(0)
                    / 1000.0;
        }

        double seconds() {
            return seconds;
        }
    }
}
