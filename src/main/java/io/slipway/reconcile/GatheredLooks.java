package io.slipway.reconcile;

import io.slipway.compute.RunExecutor;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Run;
import io.slipway.jobs.SubmissionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Which runs of a cluster are to be looked at by their ids, where drivers tell how their programs go. A call tells of ten runs and costs
 * the account as much as for one, so what is not urgent waits for company: the more runs there are, the longer. Runs that have not begun,
 * or whose drivers have not reported yet, ride along. All of it is in memory: a new leader gets the reports again, or finds out by a full look.
 */
@Component
class GatheredLooks {

    /** A step ends some seconds after its driver. */
    private static final Duration SOONEST = Duration.ofSeconds(6);

    /** From the driver's word; the step itself ends some seconds after that, and is confirmed within a minute of its end. */
    private static final Duration LATEST = Duration.ofSeconds(62);

    /** One more run on the cluster has the others wait so much longer: 250 of them are worth the longest wait. */
    private static final Duration FOR_EACH_RUN = Duration.ofMillis(224);

    /** For what has not begun, as far as is known, a call for ends is waited for longer. */
    private static final int WAITS_OF_A_START = 2;

    /** So many runs on the cluster are worth one wait more where its driver has reported: a call for ends is sure to come. */
    private static final int RUNS_OF_A_WAIT = 100;

    private static final int MOST_WAITS_MORE = 2;

    /**
     * So long after its turn an end is worth a call of its own: half of the five minutes within which EMR's word is to be here even on a
     * hundred clusters.
     */
    private static final Duration OVERDUE = Duration.ofSeconds(150);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    /** A driver that has not shown itself for so long will not: it may not write where it should. */
    private static final Duration UNHEARD = Duration.ofMinutes(10);

    private static final Duration BETWEEN_FULL_LOOKS = Duration.ofMinutes(5);

    private final Map<String, Reports> clusters = new ConcurrentHashMap<>();

    private static final class Reports {
        private final Map<SubmissionKey, Instant> ended = new HashMap<>();
        private final Set<SubmissionKey> reported = new HashSet<>();
        private final Map<SubmissionKey, Looked> looked = new HashMap<>();
        private final Set<SubmissionKey> unknown = new HashSet<>();
        private Instant nextFullLook = Instant.MIN;
    }

    /** @param inVain how often it was not yet as expected */
    private record Looked(Instant at, int inVain) {
        Instant next() {
            long pause = FIRST_PAUSE.toMillis() << Math.min(inVain - 1, 4);
            return at.plusMillis(Math.min(pause, LONGEST_PAUSE.toMillis()));
        }
    }

    /** From when on it may ride along, and when it goes alone. */
    private record Due(Job job, boolean isEnd, Instant may, Instant must) {}

    /** The driver of the run says that its program has begun. */
    void started(String cluster, SubmissionKey key) {
        Reports reports = of(cluster);
        synchronized (reports) {
            reports.reported.add(key);
        }
    }

    /** The driver of the run says that its program has ended. */
    void ended(String cluster, SubmissionKey key, Instant now) {
        Reports reports = of(cluster);
        synchronized (reports) {
            if (reports.ended.putIfAbsent(key, now) == null) {
                reports.looked.remove(key); // how it was before tells nothing of now
            }
        }
    }

    /** Whether its driver has said that its program has ended, and its look waits for company. */
    boolean isReported(String cluster, SubmissionKey key) {
        Reports reports = of(cluster);
        synchronized (reports) {
            return reports.ended.containsKey(key);
        }
    }

    /** They were looked at; those that are not as expected have another turn. */
    void looked(String cluster, Collection<SubmissionKey> keys, Instant now) {
        Reports reports = of(cluster);
        synchronized (reports) {
            keys.forEach(key -> reports.looked.merge(
                    key, new Looked(now, 1), (before, one) -> new Looked(now, before.inVain() + 1)));
        }
    }

    /**
     * The cluster does not know them by their ids any more. They are not asked for again: what that means is for a full look to say.
     *
     * @return whether it is time for one
     */
    boolean unknown(String cluster, Collection<SubmissionKey> keys, Instant now) {
        Reports reports = of(cluster);
        synchronized (reports) {
            reports.unknown.addAll(keys);
            boolean isTime = !keys.isEmpty() && !now.isBefore(reports.nextFullLook);
            if (isTime) {
                reports.nextFullLook = now.plus(BETWEEN_FULL_LOOKS);
            }
            return isTime;
        }
    }

    void forget(String cluster) {
        clusters.remove(cluster);
    }

    /**
     * Those that go in one call now, at most ten; none as long as it makes sense to wait for more.
     *
     * @param live all runs on the cluster
     */
    List<Job> due(String cluster, List<Job> live, Instant now) {
        List<Due> ready = ready(cluster, live, now);
        long ends = ready.stream().filter(Due::isEnd).count();
        boolean isTime =
                ends >= RunExecutor.LOOKED_AT_ONCE || ready.stream().anyMatch(due -> !now.isBefore(due.must()));
        return isTime
                ? ready.stream().limit(RunExecutor.LOOKED_AT_ONCE).map(Due::job).toList()
                : List.of();
    }

    /**
     * Of the ends whose turn was long ago the one that has waited the longest: where calls for several are spent, it is worth one of its
     * own. With calls enough there is none.
     *
     * @param live all runs on the cluster
     */
    Optional<Job> overdue(String cluster, List<Job> live, Instant now) {
        return ready(cluster, live, now).stream()
                .filter(Due::isEnd)
                .filter(due -> !now.isBefore(due.must().plus(OVERDUE)))
                .map(Due::job)
                .findFirst();
    }

    /** Those that may go now, the most urgent first. */
    private List<Due> ready(String cluster, List<Job> live, Instant now) {
        Reports reports = of(cluster);
        synchronized (reports) {
            Map<SubmissionKey, Job> runs = new LinkedHashMap<>();
            live.forEach(job -> runs.put(run(job).submissionKey(), job));
            Set<SubmissionKey> keys = runs.keySet();
            reports.ended.keySet().retainAll(keys);
            reports.reported.retainAll(keys);
            reports.unknown.retainAll(keys);
            reports.looked.keySet().retainAll(keys);
            Waits waits = Waits.of(live.size());
            return runs.entrySet().stream()
                    .filter(each -> run(each.getValue()).remoteId() != null)
                    .filter(each -> !reports.unknown.contains(each.getKey()))
                    .flatMap(each -> due(reports, each.getKey(), each.getValue(), waits, now))
                    .filter(due -> !now.isBefore(due.may()))
                    .sorted(Comparator.comparing(Due::isEnd).reversed().thenComparing(Due::must))
                    .toList();
        }
    }

    /**
     * How long is waited on a cluster: the same for all of its runs.
     *
     * @param end for company, by one that has ended
     * @param firstLook before the first look at one whose driver has not reported: its driver shows itself after some twenty seconds, and
     *     then one look is enough
     * @param begin for company, by one that may have begun
     * @param begun the same, where its driver has reported
     */
    private record Waits(Duration end, Duration firstLook, Duration begin, Duration begun) {

        static Waits of(int live) {
            long end = Math.min(SOONEST.toMillis() + live * FOR_EACH_RUN.toMillis(), LATEST.toMillis());
            int more = Math.min(MOST_WAITS_MORE, live / RUNS_OF_A_WAIT);
            return new Waits(
                    Duration.ofMillis(end),
                    Duration.ofMillis(Math.max(end / 2, SOONEST.toMillis())),
                    Duration.ofMillis(end * WAITS_OF_A_START),
                    Duration.ofMillis(end * (WAITS_OF_A_START + more)));
        }
    }

    private static Run run(Job job) {
        return job.currentRun().orElseThrow();
    }

    private static Stream<Due> due(Reports reports, SubmissionKey key, Job job, Waits waits, Instant now) {
        Run run = run(job);
        Looked looked = reports.looked.get(key);
        Instant ended = reports.ended.get(key);
        if (ended != null) {
            Instant may = looked == null ? ended.plus(SOONEST) : looked.next();
            Instant must = looked == null
                    ? ended.plus(waits.end())
                    : may.plus(waits.end()).minus(SOONEST);
            return Stream.of(new Due(job, true, may, must));
        }
        if (job.state() == JobState.RUNNING && (reports.reported.contains(key) || isOld(run, now))) {
            return Stream.empty();
        }
        boolean hasReported = reports.reported.contains(key);
        Duration first = hasReported ? SOONEST : waits.firstLook();
        Instant may = looked == null ? run.intentAt().plus(first) : looked.next();
        return Stream.of(new Due(job, false, may, may.plus(hasReported ? waits.begun() : waits.begin())));
    }

    private static boolean isOld(Run run, Instant now) {
        Instant started = run.startedAt() == null ? run.intentAt() : run.startedAt();
        return started.plus(UNHEARD).isBefore(now);
    }

    private Reports of(String cluster) {
        return clusters.computeIfAbsent(cluster, name -> new Reports());
    }
}
