package io.slipway.logs;

import io.slipway.compute.Cluster;
import io.slipway.compute.Clusters;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunResults;
import io.slipway.jobs.Job;
import io.slipway.jobs.Run;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.stereotype.Component;

/** The files that the runs of jobs have left behind. */
@Component
public class JobResults {

    private final Clusters clusters;

    JobResults(Clusters clusters) {
        this.clusters = clusters;
    }

    /**
     * What was kept.
     *
     * @param attempt empty for the last one
     * @return empty while nothing was put in place
     * @throws LogsUnavailable when their storage does not answer
     */
    public Optional<RunResults> of(Job job, OptionalInt attempt) {
        return run(job, attempt)
                .flatMap(run -> cluster(job).flatMap(cluster -> {
                    try {
                        return cluster.signs().results(order(job, run));
                    } catch (ComputeUnavailable silent) {
                        throw unavailable(job, silent);
                    }
                }));
    }

    /**
     * One of the files; the caller closes it.
     *
     * @throws UnknownResult when there is no such file
     * @throws LogsUnavailable when their storage does not answer
     */
    public InputStream open(Job job, OptionalInt attempt, String path) {
        Run run = run(job, attempt).orElseThrow(() -> new UnknownResult(job.id(), path));
        Cluster cluster = cluster(job).orElseThrow(() -> new UnknownResult(job.id(), path));
        try {
            return cluster.signs().openResult(order(job, run), path);
        } catch (FileNotFoundException absent) {
            throw new UnknownResult(job.id(), path);
        } catch (IOException | ComputeUnavailable silent) {
            throw unavailable(job, silent);
        }
    }

    /**
     * All of them as a zip. A file that went meanwhile is left out.
     *
     * @throws LogsUnavailable when their storage does not answer; what was written then is no whole zip
     */
    public void zip(Job job, OptionalInt attempt, RunResults results, OutputStream out) throws IOException {
        Packing zip = new Packing(out);
        try {
            for (RunResults.File file : results.files()) {
                try (InputStream content = open(job, attempt, file.path())) {
                    zip.putNextEntry(new ZipEntry(file.path()));
                    // A stranger wrote the files and the list: what a file has beyond the size in the list is not sent.
                    new FirstOf(content, file.size()).transferTo(zip);
                    zip.closeEntry();
                } catch (UnknownResult gone) {
                    // The others are still there.
                }
            }
            zip.finish();
            zip.flush();
        } finally {
            zip.release();
        }
    }

    /**
     * Not compressed, since every reader would take a processor for it. It is closed by nobody: the end that this writes would make a
     * whole zip of what a store gave before it fell silent.
     */
    private static final class Packing extends ZipOutputStream {

        Packing(OutputStream out) {
            super(out);
            setLevel(Deflater.NO_COMPRESSION);
        }

        void release() {
            def.end();
        }
    }

    private static LogsUnavailable unavailable(Job job, Exception silent) {
        return new LogsUnavailable("The results of job " + job.id() + " cannot be read now.", silent);
    }

    private Optional<Cluster> cluster(Job job) {
        return clusters.find(job.cluster());
    }

    private static RunOrder order(Job job, Run run) {
        return new RunOrder(run.ref(), job.name(), job.plan());
    }

    private static Optional<Run> run(Job job, OptionalInt attempt) {
        return attempt.isEmpty()
                ? job.all().last()
                : job.runs().stream()
                        .filter(run -> run.attempt() == attempt.getAsInt())
                        .findFirst();
    }
}
