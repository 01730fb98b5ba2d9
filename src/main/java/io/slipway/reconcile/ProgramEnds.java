package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.Clusters;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.ReportedEnd;
import io.slipway.compute.RunOrder;
import io.slipway.jobs.Explanation;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Run;
import io.slipway.jobs.SubmissionKey;
import io.slipway.logs.RunEnds;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Reads what drivers tell at the end of their programs and writes it to their jobs, beside the state: that changes by the cluster's word
 * alone. It has a thread of its own, so that a store that hangs holds up no loop. What is lost by a crash is reported again.
 */
@Component
class ProgramEnds {

    private static final Logger log = LoggerFactory.getLogger(ProgramEnds.class);

    private static final int AT_ONCE = 100;
    private static final int MOST_WAITING = 20_000;
    private static final int REMEMBERED = 1_000;

    private final Clusters clusters;
    private final JobTransactions transactions;
    private final Words words;
    private final Clock clock;
    private final Set<RunOf> waiting = new LinkedHashSet<>();
    private final Map<SubmissionKey, ReportedEnd> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SubmissionKey, ReportedEnd> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** What a reported end means. */
    interface Words {
        Explanation of(Cluster cluster, RunOrder order, ReportedEnd end);
    }

    @Autowired
    ProgramEnds(Clusters clusters, JobTransactions transactions, RunEnds ends, Clock clock) {
        this(clusters, transactions, ends::reported, clock);
    }

    ProgramEnds(Clusters clusters, JobTransactions transactions, Words words, Clock clock) {
        this.clusters = clusters;
        this.transactions = transactions;
        this.words = words;
        this.clock = clock;
    }

    private record RunOf(String cluster, JobId jobId, RunOrder order) {}

    /** The driver of the job's current run is said to have reported its end. */
    void ended(Job job) {
        Optional<Run> run = job.currentRun();
        if (run.isEmpty() || run.get().programEnd() != null) {
            return;
        }
        RunOf one = new RunOf(job.cluster(), job.id(), order(job, run.get()));
        synchronized (waiting) {
            if (waiting.size() < MOST_WAITING) {
                waiting.add(one);
            }
        }
    }

    @Scheduled(fixedDelayString = "${slipway.reconcile.program-ends:500ms}")
    void read() {
        take().forEach(this::read);
    }

    private List<RunOf> take() {
        synchronized (waiting) {
            List<RunOf> some = waiting.stream().limit(AT_ONCE).toList();
            some.forEach(waiting::remove);
            return some;
        }
    }

    private void read(RunOf one) {
        SubmissionKey key = one.order().run().submissionKey();
        try {
            clusters.find(one.cluster())
                    .flatMap(cluster -> ask(cluster, one.order()))
                    .ifPresent(end -> transactions.apply(
                            one.jobId(), job -> job.aftermath(key).programEnded(end.program(), clock.instant())));
        } catch (ComputeUnavailable | IllegalArgumentException later) {
            log.debug("How the program of {} ended is read at the next report: {}", key, later.getMessage());
        } catch (RuntimeException failure) {
            log.warn("How the program of {} ended could not be written: {}", key, failure.toString());
        }
    }

    private Optional<ReportedEnd> ask(Cluster cluster, RunOrder order) {
        Optional<ReportedEnd> end = cluster.signs().end(order);
        end.ifPresent(one -> {
            synchronized (known) {
                known.put(order.run().submissionKey(), one);
            }
        });
        return end;
    }

    /** Why the program of the run failed by what was read lately; from memory. Nothing where its driver reported no failure. */
    Optional<Explanation> known(Cluster cluster, Job job, Run run) {
        ReportedEnd end;
        synchronized (known) {
            end = known.get(run.submissionKey());
        }
        return Optional.ofNullable(end)
                .map(one -> words.of(cluster, order(job, run), one))
                .filter(Explanation::isComplete);
    }

    /** As {@link #known}, by what lies there now. */
    Optional<Explanation> asked(Job job, Run run) {
        Optional<Cluster> cluster = clusters.find(job.cluster());
        try {
            cluster.ifPresent(one -> ask(one, order(job, run)));
        } catch (ComputeUnavailable silent) {
            log.debug("The report of the driver of {} cannot be read: {}", run.submissionKey(), silent.getMessage());
        }
        return cluster.flatMap(one -> known(one, job, run));
    }

    private static RunOrder order(Job job, Run run) {
        return new RunOrder(run.ref(), job.name(), job.plan());
    }
}
