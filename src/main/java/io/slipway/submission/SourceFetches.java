package io.slipway.submission;

import io.slipway.compute.Clusters;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobSource;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.NewJob;
import io.slipway.jobs.Owner;
import io.slipway.project.JobSpec;
import io.slipway.project.WorkFolder;
import io.slipway.project.spec.KeptValues;
import io.slipway.project.spec.SpecReader;
import io.slipway.submission.PendingFetches.Request;
import io.slipway.submission.Preparation.Prepared;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
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

    private static final Duration STOPPING = Duration.ofSeconds(1);

    private final Preparation preparation;
    private final Acceptance acceptance;
    private final FetchedJobs fetched;
    private final BesideSources beside;
    private final Incoming incoming;
    private final Jobs jobs;
    private final PendingFetches pending;
    private final SourceTurns turns;
    private final Clusters clusters;
    private final SubmissionSettings.Sources settings;
    private final Clock clock;
    private final ExecutorService workers;

    /** Of their own: workers may all wait for a project that one of these is about to store. */
    private final ExecutorService finishers;

    SourceFetches(
            Preparation preparation,
            Acceptance acceptance,
            FetchedJobs fetched,
            BesideSources beside,
            Incoming incoming,
            Jobs jobs,
            PendingFetches pending,
            SourceTurns turns,
            Clusters clusters,
            SubmissionSettings settings,
            Clock clock) {
        this.preparation = preparation;
        this.acceptance = acceptance;
        this.fetched = fetched;
        this.beside = beside;
        this.incoming = incoming;
        this.jobs = jobs;
        this.pending = pending;
        this.turns = turns;
        this.clusters = clusters;
        this.settings = settings.sources();
        this.clock = clock;
        this.workers = Executors.newFixedThreadPool(settings.sources().atOnce(), SourceFetches::thread);
        this.finishers = Executors.newFixedThreadPool(settings.sources().atOnce(), SourceFetches::thread);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "source-fetch");
        thread.setDaemon(true);
        return thread;
    }

    /** A wish that is fetched, in a folder of its own. */
    private record Fetched(Prepared prepared, WorkFolder work) {}

    boolean takes(SubmitJob wanted) {
        return wanted.project() instanceof ProjectSource.Remote;
    }

    /** What came with the request is kept first: the request may be over before its project is here. */
    Submitted submit(SubmitJob sent) {
        SubmitJob wanted;
        Request request;
        try (WorkFolder work = incoming.newWork()) {
            wanted = beside.withEnvironmentById(sent);
            request = request(wanted, beside.keep(wanted, work));
        } catch (IOException failure) {
            throw new StorageUnavailable("The upload could not be read or written on the service's disk.", failure);
        }
        return submit(wanted, request);
    }

    private Submitted submit(SubmitJob wanted, Request request) {
        JobSpec asked = new SpecReader(KeptValues.NONE).read(wanted.specJson(), wanted.fields(), SpecReader.FILE, null);
        String fingerprint = RequestFingerprint.ofSource(request, asked);
        Optional<Job> earlier = jobs.repeated(wanted.owner(), wanted.idempotencyKey());
        if (earlier.isPresent() && pending.isPending(earlier.get().id())) {
            return joined(wanted, earlier.get(), fingerprint);
        }
        CompletableFuture<Fetched> fetch = begin(wanted.owner(), wanted.idempotencyKey(), request);
        try {
            Fetched here = earlier.isPresent()
                    ? fetch.get()
                    : fetch.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
            try (Prepared prepared = here.prepared()) {
                return prepared.accepted(acceptance);
            } finally {
                here.work().close();
            }
        } catch (TimeoutException longer) {
            // It goes on.
            return later(wanted, request, asked, fingerprint, fetch);
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

    private static Request request(SubmitJob wanted, BesideSources.Configs configs) {
        ProjectSource.Remote remote = (ProjectSource.Remote) wanted.project();
        return new Request(
                remote.uri(), remote.version(), wanted.specJson(), wanted.fields(), configs.files(), configs.bundle());
    }

    private static RuntimeException cause(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof RuntimeException known
                ? known
                : new StorageUnavailable("The project could not be read or written on the service's disk.", failure);
    }

    private static Submitted joined(SubmitJob wanted, Job earlier, String fingerprint) {
        if (!earlier.fingerprint().equals(fingerprint) && earlier.isBeingFetched()) {
            throw new IdempotencyKeyReused(String.valueOf(wanted.idempotencyKey()), earlier.id());
        }
        return new Submitted(earlier, false);
    }

    private CompletableFuture<Fetched> begin(Owner owner, @Nullable String idempotencyKey, Request asked) {
        return CompletableFuture.supplyAsync(
                () -> {
                    WorkFolder work = incoming.newWork();
                    try {
                        SubmitJob wanted = new SubmitJob(
                                owner,
                                idempotencyKey,
                                new ProjectSource.Remote(asked.uri(), asked.version()),
                                beside.files(asked.besides(), work),
                                null,
                                asked.specJson(),
                                asked.fields());
                        return new Fetched(preparation.of(wanted, work), work);
                    } catch (IOException failure) {
                        work.close();
                        throw new StorageUnavailable(
                                "The project could not be read or written on the service's disk.", failure);
                    } catch (RuntimeException refused) {
                        work.close();
                        throw refused;
                    }
                },
                workers);
    }

    private void drop(Fetched here) {
        if (here != null) {
            try (Prepared prepared = here.prepared()) {
                log.debug("{} is not needed any more", prepared.project().id());
            } catch (IOException failure) {
                log.debug("A fetched project could not be closed", failure);
            } finally {
                here.work().close();
            }
        }
    }

    /** Answers with a job in RECEIVING; the fetch goes on. */
    private Submitted later(
            SubmitJob wanted, Request request, JobSpec asked, String fingerprint, CompletableFuture<Fetched> fetch) {
        try {
            Job job = fetched.insert(job(wanted, request.uri(), asked, fingerprint), request);
            fetch.whenCompleteAsync((here, failure) -> end(job.id(), here, failure), finishers);
            return new Submitted(job, true);
        } catch (DataIntegrityViolationException faster) {
            // The same key came in by another request.
            fetch.whenComplete((here, failure) -> drop(here));
            Job earlier = jobs.repeated(wanted.owner(), wanted.idempotencyKey()).orElseThrow(() -> faster);
            return joined(wanted, earlier, fingerprint);
        } catch (RuntimeException failed) {
            fetch.whenComplete((here, failure) -> drop(here));
            throw failed;
        }
    }

    /** What is known of it without its project. */
    private NewJob job(SubmitJob wanted, String uri, JobSpec asked, String fingerprint) {
        String cluster = asked.cluster() == null ? clusters.defaultName() : asked.cluster();
        if (clusters.find(cluster).isEmpty()) {
            throw new UnknownReference("cluster", clusters.whyUnknown(cluster));
        }
        String name = asked.name() == null ? "project" : asked.name();
        String entryPoint = asked.program().entryPoint();
        JobSpec spec = asked.resolved(name, cluster, entryPoint == null ? "" : entryPoint, Map.of());
        return new NewJob(wanted.owner(), name, cluster, NewJob.NOT_FETCHED, spec, wanted.idempotencyKey(), fingerprint)
                .from(new JobSource(uri, null));
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
            here.work().close();
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
        begin(job.owner(), null, each.asked())
                .whenCompleteAsync((here, failure) -> end(each.id(), here, failure), finishers);
    }

    /** Who waits goes at once. An interruption in the midst of a write would close the database's file: what hangs elsewhere is interrupted. */
    @PreDestroy
    void stop() throws InterruptedException {
        turns.stop();
        workers.shutdown();
        finishers.shutdown();
        boolean done = workers.awaitTermination(STOPPING.toMillis(), TimeUnit.MILLISECONDS)
                && finishers.awaitTermination(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
        if (!done) {
            workers.shutdownNow();
            finishers.shutdownNow();
        }
    }
}
