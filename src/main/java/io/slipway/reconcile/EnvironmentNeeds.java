package io.slipway.reconcile;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.environments.BuildFault;
import io.slipway.environments.BuildSite;
import io.slipway.environments.CannotBuild;
import io.slipway.environments.Environment;
import io.slipway.environments.EnvironmentBuilder;
import io.slipway.environments.EnvironmentBuilders;
import io.slipway.environments.EnvironmentChanges;
import io.slipway.environments.EnvironmentState;
import io.slipway.environments.EnvironmentWish;
import io.slipway.environments.Environments;
import io.slipway.environments.IndexReach;
import io.slipway.jobs.EnvironmentNeed;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.project.Launch;
import io.slipway.project.requirements.Requirements;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/** Brings jobs and environments together: which one a job waits for, and what becomes of the job when that has ended. */
@Component
class EnvironmentNeeds {

    private static final Logger log = LoggerFactory.getLogger(EnvironmentNeeds.class);

    private static final Limit BATCH = Limit.of(200);

    private final Jobs jobs;
    private final JobTransactions transactions;
    private final Environments environments;
    private final EnvironmentChanges changes;
    private final EnvironmentBuilders builders;
    private final IndexReach reach;
    private final EnvironmentMetrics metrics;
    private final Clock clock;

    EnvironmentNeeds(
            Jobs jobs,
            JobTransactions transactions,
            Environments environments,
            EnvironmentChanges changes,
            EnvironmentBuilders builders,
            IndexReach reach,
            EnvironmentMetrics metrics,
            Clock clock) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.environments = environments;
        this.changes = changes;
        this.builders = builders;
        this.reach = reach;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** For the jobs that have just come. */
    void find() {
        Map<String, Requirements> read = new HashMap<>();
        for (Job job : jobs.needingEnvironments(BATCH)) {
            try {
                find(job, read);
            } catch (ComputeUnavailable later) {
                log.info("Job {} waits for its environment: {}", job.id(), later.getMessage());
            } catch (CannotBuild never) {
                without(job, String.valueOf(never.getMessage()));
            } catch (RuntimeException failure) {
                log.warn("The environment of job {} is looked for again: {}", job.id(), failure.toString());
            }
        }
    }

    private void find(Job job, Map<String, Requirements> read) throws CannotBuild {
        String id = job.environment().map(EnvironmentNeed::requirementsId).orElseThrow();
        Requirements requirements = read.computeIfAbsent(id, changes::requirements);
        Launch launch = job.spec().program().launch();
        EnvironmentBuilder builder = builders.of(job.cluster())
                .orElseThrow(() -> new CannotBuild("No environments are built for cluster " + job.cluster() + "."));
        BuildSite site = builder.site(job.cluster(), launch.python().version(), requirements);
        if (site.complete()) {
            alone(job, fresh -> fresh.environmentSpared(clock.instant()));
            return;
        }
        EnvironmentWish wish = new EnvironmentWish(
                id,
                job.cluster(),
                launch.python().version(),
                job.projectId(),
                launch.executionRole(),
                job.owner().value(),
                requirements.isHashed());
        boolean goesWithout = isSparing(job) && reach.isAway(job.cluster());
        Optional<Environment> environment = goesWithout
                ? changes.known(wish, requirements, site)
                : Optional.of(changes.wanted(wish, requirements, site));
        environment.ifPresentOrElse(
                found -> {
                    metrics.wanted(found, job);
                    alone(job, fresh -> fresh.environmentAwaited(found.id(), clock.instant()));
                },
                () -> leaveOut(job, IndexReach.sentence(job.cluster())));
    }

    /** Whether the job did not ask for what it requires, and may go without. */
    private boolean isSparing(Job job) {
        return job.spec().program().launch().python().found() && reach.mayBeSpared();
    }

    /** The environment of the job will never be there, through no fault of what the job requires. */
    private void without(Job job, String why) {
        if (isSparing(job)) {
            leaveOut(job, why);
        } else {
            alone(job, fresh -> fresh.environmentFailed(why, clock.instant()));
        }
    }

    private void leaveOut(Job job, String why) {
        if (alone(job, fresh -> fresh.environmentLeftOut(why, clock.instant()))) {
            metrics.leftOut();
        }
    }

    /** To the jobs whose environment has ended, well or not; those that may go without wait for no index that is away. */
    void handOut() {
        for (String id : jobs.awaitedEnvironments()) {
            Optional<Environment> environment = environments.findById(id);
            if (environment.isEmpty() || !environment.get().state().isLive()) {
                List<Job> waiting = jobs.awaiting(id, BATCH);
                waiting.forEach(job -> apply(job, environment));
            } else if (environment.get().state() == EnvironmentState.WANTED) {
                spare(environment.get());
            }
        }
    }

    private void spare(Environment wanted) {
        if (reach.isAway(wanted.cluster())) {
            jobs.awaiting(wanted.id(), BATCH).stream()
                    .filter(this::isSparing)
                    .forEach(job -> leaveOut(job, IndexReach.sentence(job.cluster())));
        }
    }

    private void apply(Job job, Optional<Environment> found) {
        Environment environment = found.orElse(null);
        if (environment == null) {
            alone(job, fresh -> fresh.environmentGone(clock.instant()));
            return;
        }
        switch (environment.state()) {
            case READY -> give(job, environment);
            case FAILED -> fail(job, environment);
            case CANCELLED -> alone(job, fresh -> fresh.environmentGone(clock.instant()));
            case WANTED, BUILDING -> {}
        }
    }

    private void fail(Job job, Environment environment) {
        String why = environment.message().orElse("It could not be built.");
        switch (environment.fault().orElse(BuildFault.REQUIREMENTS)) {
            case REQUIREMENTS -> alone(job, fresh -> fresh.environmentFailed(why, clock.instant()));
            case INDEX -> without(job, isSparing(job) ? IndexReach.sentence(job.cluster()) : why);
            case PLACE -> without(job, why);
        }
    }

    private void give(Job job, Environment environment) {
        String location = environment.location().orElseThrow();
        alone(job, fresh -> fresh.environmentGiven(location, environment.artifactId(), clock.instant()));
        try {
            changes.apply(environment.id(), fresh -> fresh.used(clock.instant()));
        } catch (RuntimeException conflict) {
            log.debug("The use of environment {} was not noted: {}", environment.id(), conflict.toString());
        }
    }

    /** Whether it was done. */
    private boolean alone(Job job, Consumer<Job> verb) {
        try {
            transactions.apply(job.id(), verb);
            return true;
        } catch (RuntimeException overtaken) {
            log.info("Job {} went on meanwhile: {}", job.id(), overtaken.toString());
            return false;
        }
    }
}
