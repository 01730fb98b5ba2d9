package io.slipway.reconcile;

import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Owner;
import io.slipway.jobs.QueueLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/**
 * Whose job goes next: the highest priority first, and within it one job of each owner in turn, each owner's oldest first. So a
 * thousand jobs of one owner delay another's only job by one. Who was served last is known to the leader alone; a new one begins
 * with the owner who waits longest.
 */
@Component
class FairQueue {

    private final Jobs jobs;
    private final Map<String, Rotation> rotations = new ConcurrentHashMap<>();

    FairQueue(Jobs jobs) {
        this.jobs = jobs;
    }

    /**
     * At most so many, in the order in which they should start; who was {@link #served} comes later the next time. What the cluster gave
     * back had its turn before and goes first.
     */
    List<Job> next(String cluster, int slots) {
        List<Job> next = new ArrayList<>(jobs.givenBack(cluster, Limit.of(slots)));
        if (next.size() < slots) {
            Set<JobId> known = next.stream().map(Job::id).collect(Collectors.toSet());
            dealt(cluster, slots).stream()
                    .filter(job -> !known.contains(job.id()))
                    .limit(slots - next.size())
                    .forEach(next::add);
        }
        return next;
    }

    private List<Job> dealt(String cluster, int slots) {
        Map<Integer, List<QueueLine>> byPriority = new TreeMap<>(Comparator.reverseOrder());
        for (QueueLine line : jobs.queueOf(cluster)) {
            byPriority
                    .computeIfAbsent(line.priority(), priority -> new ArrayList<>())
                    .add(line);
        }
        Rotation rotation = rotations.computeIfAbsent(cluster, name -> new Rotation());
        List<QueueLine> turns = new ArrayList<>();
        for (List<QueueLine> lines : byPriority.values()) {
            turns.addAll(rotation.deal(lines, slots - turns.size()));
        }
        return jobsOf(cluster, turns);
    }

    /** These went, or were tried. What could not go costs its owner no turn. */
    void served(String cluster, List<Job> jobs) {
        rotations.computeIfAbsent(cluster, name -> new Rotation()).served(jobs);
    }

    private List<Job> jobsOf(String cluster, List<QueueLine> turns) {
        Map<QueueLine, Integer> wanted = new HashMap<>();
        turns.forEach(line -> wanted.merge(line, 1, Integer::sum));
        Map<QueueLine, Iterator<Job>> found = new HashMap<>();
        wanted.forEach((line, count) -> found.put(line, oldest(cluster, line, count)));
        List<Job> next = new ArrayList<>();
        for (QueueLine line : turns) {
            Iterator<Job> ofLine = Objects.requireNonNull(found.get(line));
            // Somebody may have cancelled one since the lines were counted.
            if (ofLine.hasNext()) {
                next.add(ofLine.next());
            }
        }
        return next;
    }

    private Iterator<Job> oldest(String cluster, QueueLine line, int count) {
        return jobs.oldestOf(line, cluster, Limit.of(count)).iterator();
    }

    /** Remembers of one cluster in which order owners were served. */
    private static final class Rotation {

        private final Map<Owner, Long> servedAt = new HashMap<>();
        private long served;

        /** One entry of the answer is one slot. */
        synchronized List<QueueLine> deal(List<QueueLine> lines, int slots) {
            List<QueueLine> order = new ArrayList<>(lines);
            order.sort(Comparator.<QueueLine>comparingLong(line -> servedAt.getOrDefault(line.owner(), 0L))
                    .thenComparing(QueueLine::first));
            List<QueueLine> turns = new ArrayList<>();
            for (int round = 0; turns.size() < slots; round++) {
                int before = turns.size();
                for (QueueLine line : order) {
                    if (line.jobs() > round && turns.size() < slots) {
                        turns.add(line);
                    }
                }
                if (turns.size() == before) {
                    break;
                }
            }
            return turns;
        }

        synchronized void served(List<Job> jobs) {
            jobs.stream().filter(job -> !job.keepsItsTurn()).forEach(job -> servedAt.put(job.owner(), ++served));
        }
    }
}
