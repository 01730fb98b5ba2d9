package io.slipway.reconcile;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.environments.BuildSite;
import io.slipway.environments.CannotBuild;
import io.slipway.environments.Environment;
import io.slipway.environments.EnvironmentBuilder;
import io.slipway.environments.EnvironmentBuilders;
import io.slipway.environments.Environments;
import io.slipway.jobs.EnvironmentNeed;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Keeps jobs from clusters that their environments were not built for: since an environment was built, its cluster's name may have come to
 * stand for a cluster of another release, or of other processors.
 */
@Component
class EnvironmentFit {

    private static final Logger log = LoggerFactory.getLogger(EnvironmentFit.class);

    private final Environments environments;
    private final EnvironmentBuilders builders;
    private final JobTransactions transactions;
    private final Clock clock;

    EnvironmentFit(Environments environments, EnvironmentBuilders builders, JobTransactions transactions, Clock clock) {
        this.environments = environments;
        this.builders = builders;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Of an environment, for where its cluster's name leads now. */
    private enum Fit {
        FITS,
        OUTLIVED,
        NOT_KNOWN
    }

    /** Those that may start where their cluster's name leads now; the others wait for another environment, or for an answer. */
    List<Job> of(List<Job> jobs) {
        Map<String, Fit> known = new HashMap<>();
        return jobs.stream().filter(job -> mayStart(job, known)).toList();
    }

    private boolean mayStart(Job job, Map<String, Fit> known) {
        String id = job.environment()
                .filter(need -> need.location().isPresent())
                .flatMap(EnvironmentNeed::environmentId)
                .orElse(null);
        Fit fit = id == null ? Fit.FITS : known.computeIfAbsent(id, this::look);
        if (fit == Fit.OUTLIVED) {
            sendBack(job, String.valueOf(id));
        }
        return fit == Fit.FITS;
    }

    private Fit look(String id) {
        // One that lies on this machine goes nowhere else.
        Environment environment = environments
                .findById(id)
                .filter(built -> built.build().machine() != null)
                .orElse(null);
        EnvironmentBuilder builder =
                environment == null ? null : builders.of(environment.cluster()).orElse(null);
        if (environment == null || builder == null) {
            return Fit.FITS;
        }
        try {
            BuildSite now =
                    builder.site(environment.cluster(), environment.wish().pythonVersion(), null);
            return environment.isFor(now) ? Fit.FITS : Fit.OUTLIVED;
        } catch (CannotBuild gone) {
            return Fit.OUTLIVED;
        } catch (ComputeUnavailable later) {
            log.info(
                    "Jobs of environment {} wait until it is known where they would start: {}", id, later.getMessage());
            return Fit.NOT_KNOWN;
        }
    }

    private void sendBack(Job job, String environmentId) {
        try {
            transactions.decide(job, fresh -> fresh.environmentOutlived(environmentId, clock.instant()));
            log.info("Job {} needs another environment than {}: its cluster is another one.", job.id(), environmentId);
        } catch (RuntimeException overtaken) {
            log.info("Job {} went on meanwhile: {}", job.id(), overtaken.toString());
        }
    }
}
