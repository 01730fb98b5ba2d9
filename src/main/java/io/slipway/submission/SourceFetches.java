package io.slipway.submission;

import io.slipway.compute.Clusters;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobSource;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.NewJob;
import io.slipway.project.JobSpec;
import io.slipway.project.spec.KeptValues;
import io.slipway.project.spec.SpecReader;
import io.slipway.submission.Preparation.Prepared;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Jobs whose project the service fetches by itself. A request waits a moment, and is then answered as any other; a fetch that takes longer
 * becomes a job in RECEIVING, and a row that outlives this replica.
 */
@Component
class SourceFetches {

    private static final Logger log = LoggerFactory.getLogger(SourceFetches.class);

    private final Preparation preparation;
    private final Acceptance acceptance;
    private final FetchedJobs fetched;
    private final Incoming incoming;
    private final Jobs jobs;
    private final PendingFetches pending;
    private final Clusters clusters;
    private final SubmissionSettings.Sources settings;
    private final Clock clock;
    private final ExecutorService workers;

    SourceFetches(
            Preparation preparation,
            Acceptance acceptance,
            FetchedJobs fetched,
            Incoming incoming,
            Jobs jobs,
            PendingFetches pending,
            Clusters clusters,
            SubmissionSettings settings,
            Clock clock) {
        this.preparation = preparation;
        this.acceptance = acceptance;
        this.fetched = fetched;
        this.incoming = incoming;
        this.jobs = jobs;
        this.pending = pending;
        this.clusters = clusters;
        this.settings = settings.sources();
        this.clock = clock;
        this.workers = Executors.newFixedThreadPool(settings.sources().atOnce(), SourceFetches::thread);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "source-fetch");
        thread.setDaemon(true);
        return thread;
    }

    /** A wish that is fetched, in a folder of its own. */
    private record Fetched(Prepared prepared, Path work) {}

    /** Files that came with the request would have to be kept until the project is here: such a request waits to the end. */
    boolean takes(SubmitJob wanted) {
        return wanted.project() instanceof ProjectSource.Remote
                && wanted.configs().isEmpty()
                && wanted.environment() == null;
    }

    Submitted submit(SubmitJob wanted) {
        String uri = uri(wanted);
        JobSpec asked = new SpecReader(KeptValues.NONE).read(wanted.specJson(), wanted.fields(), SpecReader.FILE, null);
        Optional<Job> earlier = earlier(wanted);
        if (earlier.isPresent() && pending.isPending(earlier.get().id())) {
            return joined(wanted, earlier.get(), RequestFingerprint.ofSource(uri, asked));
        }
        CompletableFuture<Fetched> fetch = begin(wanted);
        try {
            Fetched here = earlier.isPresent()
                    ? fetch.get()
                    : fetch.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
            try (Prepared prepared = here.prepared()) {
                return prepared.accepted(acceptance);
            } finally {
                incoming.sweep(here.work());
            }
        } catch (TimeoutException longer) {
            // It goes on.
            return later(wanted, asked, fetch);
        } catch (ExecutionException failure) {
            throw cause(failure);
        } catch (IOException failure) {
            throw new StorageUnavailable("The project could not be read or written on the service's disk.", failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            fetch.whenComplete((here, failure) -> drop(here));
            throw new StorageUnavailable("The service is being stopped.", stopped);
        }
    }

    private static String uri(SubmitJob wanted) {
        return ((ProjectSource.Remote) wanted.project()).uri();
    }

    private static RuntimeException cause(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof RuntimeException known
                ? known
                : new StorageUnavailable("The project could not be read or written on the service's disk.", failure);
    }

    private Optional<Job> earlier(SubmitJob wanted) {
        String key = wanted.idempotencyKey();
        return key == null ? Optional.empty() : jobs.repeated(wanted.owner(), key);
    }

    private static Submitted joined(SubmitJob wanted, Job earlier, String fingerprint) {
        if (!earlier.fingerprint().equals(fingerprint) && earlier.isBeingFetched()) {
            throw new IdempotencyKeyReused(String.valueOf(wanted.idempotencyKey()), earlier.id());
        }
        return new Submitted(earlier, false);
    }

    private CompletableFuture<Fetched> begin(SubmitJob wanted) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Path work = folder();
                    try {
                        return new Fetched(preparation.of(wanted, work), work);
                    } catch (IOException failure) {
                        incoming.sweep(work);
                        throw new StorageUnavailable(
                                "The project could not be read or written on the service's disk.", failure);
                    } catch (RuntimeException refused) {
                        incoming.sweep(work);
                        throw refused;
                    }
                },
                workers);
    }

    private Path folder() {
        try {
            return incoming.newFolder();
        } catch (IOException failure) {
            throw new StorageUnavailable("The service's disk has no space for the project.", failure);
        }
    }

    private void drop(Fetched here) {
        if (here != null) {
            try (Prepared prepared = here.prepared()) {
                log.debug("{} is not needed any more", prepared.project().id());
            } catch (IOException failure) {
                log.debug("A fetched project could not be closed", failure);
            } finally {
                incoming.sweep(here.work());
            }
        }
    }

    /** Answers with a job in RECEIVING; the fetch goes on. */
    private Submitted later(SubmitJob wanted, JobSpec asked, CompletableFuture<Fetched> fetch) {
        try {
            Job job = fetched.insert(job(wanted, asked), request(wanted));
            fetch.whenCompleteAsync((here, failure) -> end(job.id(), here, failure), workers);
            return new Submitted(job, true);
        } catch (DataIntegrityViolationException faster) {
            // The same key came in by another request.
            fetch.whenComplete((here, failure) -> drop(here));
            Job earlier = earlier(wanted).orElseThrow(() -> faster);
            return joined(wanted, earlier, RequestFingerprint.ofSource(uri(wanted), asked));
        } catch (RuntimeException failed) {
            fetch.whenComplete((here, failure) -> drop(here));
            throw failed;
        }
    }

    private static PendingFetches.Request request(SubmitJob wanted) {
        return new PendingFetches.Request(uri(wanted), wanted.specJson(), wanted.fields());
    }

    /** What is known of it without its project. */
    private NewJob job(SubmitJob wanted, JobSpec asked) {
        String cluster = asked.cluster() == null ? clusters.defaultName() : asked.cluster();
        if (clusters.find(cluster).isEmpty()) {
            throw new UnknownReference("cluster", clusters.whyUnknown(cluster));
        }
        String name = asked.name() == null ? "project" : asked.name();
        String entryPoint = asked.program().entryPoint();
        JobSpec spec = asked.resolved(name, cluster, entryPoint == null ? "" : entryPoint, Map.of());
        return new NewJob(
                        wanted.owner(),
                        name,
                        cluster,
                        NewJob.NOT_FETCHED,
                        spec,
                        wanted.idempotencyKey(),
                        RequestFingerprint.ofSource(uri(wanted), asked))
                .from(new JobSource(uri(wanted), null));
    }

    private void end(JobId jobId, Fetched here, Throwable failure) {
        if (here == null) {
            fetched.failed(jobId, unwrapped(failure));
            return;
        }
        try (Prepared prepared = here.prepared()) {
            fetched.accept(jobId, prepared);
        } catch (IOException | RuntimeException failed) {
            fetched.failed(jobId, failed);
        } finally {
            incoming.sweep(here.work());
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** Takes up what a replica that died, or a host that failed, has left. */
    @Scheduled(fixedDelayString = "${slipway.submission.heartbeat:5s}")
    void takeUp() {
        fetched.renew();
        Instant now = clock.instant();
        for (PendingFetches.Pending each : pending.lapsed(now, settings.atOnce())) {
            Optional<Job> job = jobs.findById(each.id());
            if (job.isPresent() && pending.take(each, now)) {
                takeUp(each, job.get());
            }
        }
    }

    private void takeUp(PendingFetches.Pending each, Job job) {
        log.info(
                "The project of job {} is fetched again from {}",
                each.jobId(),
                each.asked().uri());
        fetched.hold(each.id());
        PendingFetches.Request asked = each.asked();
        SubmitJob wanted = new SubmitJob(
                job.owner(),
                null,
                new ProjectSource.Remote(asked.uri()),
                List.of(),
                null,
                asked.specJson(),
                asked.fields());
        begin(wanted).whenCompleteAsync((here, failure) -> end(each.id(), here, failure), workers);
    }

    @PreDestroy
    void stop() {
        workers.shutdownNow();
    }
}
