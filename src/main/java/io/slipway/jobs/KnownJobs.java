package io.slipway.jobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Jobs for who reads them again and again: the row is asked for its version alone, and the rest comes from memory while that is the same.
 * Nothing that depends on who asks is kept. What is read here is shared, and is for reading only.
 */
@Component
public class KnownJobs {

    /** About how many bytes are kept: some thousand jobs of usual size. */
    private static final long MOST_BYTES = 16L * 1024 * 1024;

    private final Jobs jobs;
    private final JdbcClient database;
    private final RecentJobs<Known> recent;
    private final JobSpecColumn json = new JobSpecColumn();

    @Autowired
    KnownJobs(Jobs jobs, JdbcClient database) {
        this(jobs, database, MOST_BYTES);
    }

    KnownJobs(Jobs jobs, JdbcClient database, long mostBytes) {
        this.jobs = jobs;
        this.database = database;
        this.recent = new RecentJobs<>(mostBytes, Known::bytes);
    }

    private record Known(Job job, @Nullable String traceback, int bytes) {}

    public Optional<Job> find(JobId id) {
        return look(id).map(Known::job);
    }

    /** With which the last run ended; {@code null} when it left none. */
    public @Nullable String tracebackOf(Job job) {
        Known kept = recent.get(job.id());
        return kept != null && kept.job.version() == job.version() ? kept.traceback : traceback(job);
    }

    private Optional<Known> look(JobId id) {
        Known kept = recent.get(id);
        if (kept == null) {
            return read(id);
        }
        Optional<Long> version = database.sql("select version from job where id = ?")
                .param(id.value())
                .query(Long.class)
                .optional();
        return version.isPresent() && version.get() == kept.job.version() ? Optional.of(kept) : read(id);
    }

    /** Those that are still there, in the order in which they were found. */
    List<Job> all(List<ListSql.Found> found) {
        Map<String, Job> read = new HashMap<>();
        List<String> others = new ArrayList<>();
        for (ListSql.Found one : found) {
            Known kept = recent.get(new JobId(one.id()));
            if (kept != null && kept.job.version() == one.version()) {
                read.put(one.id(), kept.job);
            } else {
                others.add(one.id());
            }
        }
        if (!others.isEmpty()) {
            for (Job job : jobs.findByIdIn(others)) {
                read.put(job.id().value(), job);
                // A list shows no tracebacks, and does not read them.
                if (job.isSaidByItsVersion()
                        && job.currentRun().filter(run -> run.cause() != null).isEmpty()) {
                    recent.put(job.id(), new Known(job, null, bytesOf(job)));
                }
            }
        }
        return found.stream()
                .map(ListSql.Found::id)
                .filter(read::containsKey)
                .map(read::get)
                .toList();
    }

    private Optional<Known> read(JobId id) {
        Optional<Known> fresh = jobs.findById(id).map(job -> new Known(job, traceback(job), bytesOf(job)));
        fresh.filter(read -> read.job.isSaidByItsVersion())
                .ifPresentOrElse(read -> recent.put(id, read), () -> recent.remove(id));
        return fresh;
    }

    private @Nullable String traceback(Job job) {
        return job.currentRun()
                .filter(run -> run.cause() != null)
                .flatMap(run -> jobs.tracebackOf(run.submissionKey()))
                .orElse(null);
    }

    /** The spec is what can be long; the rest, of a job and of each run, is a few kilobytes. */
    private int bytesOf(Job job) {
        int spec = json.convertToDatabaseColumn(job.spec()).length();
        return 4096 + 2048 * job.runs().size() + 4 * spec;
    }
}
