package io.slipway.submission;

import io.slipway.jobs.Owner;
import io.slipway.project.Finding;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.WorkFolder;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Accepts a job: looks into the project, records the job, puts the project in place. When {@link #submit} returns, the job survives
 * whatever happens; when it throws, nothing of the submission is left.
 */
@Component
public class Submission {

    private final Incoming incoming;
    private final ReceivedProjects received;
    private final Acceptance acceptance;
    private final SubmissionValidator checks;
    private final PlannedProjects kept;
    private final KnownEnvironments environments;
    private final Quotas quotas;
    private final Preparation preparation;
    private final SourceFetches fetches;

    Submission(
            Incoming incoming,
            ReceivedProjects received,
            Acceptance acceptance,
            SubmissionValidator checks,
            PlannedProjects kept,
            KnownEnvironments environments,
            Quotas quotas,
            Preparation preparation,
            SourceFetches fetches) {
        this.incoming = incoming;
        this.received = received;
        this.acceptance = acceptance;
        this.checks = checks;
        this.kept = kept;
        this.environments = environments;
        this.quotas = quotas;
        this.preparation = preparation;
        this.fetches = fetches;
    }

    /** What URIs of projects that the owner may have fetched, instead of sending them, begin with; in whole segments. */
    public List<String> sourcePrefixes(Owner owner) {
        return received.prefixes(owner);
    }

    /**
     * Takes a few milliseconds for a small project and as long as storing takes for a large one. A project that is fetched from elsewhere is
     * waited for some seconds; a job whose fetch takes longer is returned in RECEIVING, and fetched on. What came beside such a project is
     * kept for a while, whatever becomes of it.
     *
     * @throws io.slipway.project.InvalidProject when the project or the spec cannot become a job
     * @throws UnknownReference when it names a cluster or a stored project that is not there
     * @throws PlanHasWarnings when the wish says so
     * @throws QuotaExceeded when the owner has, or sends, as much as is allowed
     * @throws IdempotencyKeyReused when the key stands for another job
     * @throws StorageUnavailable when the project could not be stored; the request may be repeated
     * @throws io.slipway.project.InspectionsBusy when too many are looked at; the request may be repeated
     * @throws io.slipway.sources.SourceFailure when it could not be fetched
     */
    public Submitted submit(SubmitJob wanted) {
        quotas.take(wanted.owner(), wanted.idempotencyKey());
        if (fetches.takes(wanted)) {
            return fetches.submit(wanted);
        }
        try (WorkFolder work = incoming.newWork();
                Preparation.Prepared prepared = preparation.of(wanted, work)) {
            Submitted submitted = prepared.accepted(acceptance);
            prepared.checked().stored(environments);
            return submitted;
        } catch (IOException failure) {
            throw new StorageUnavailable("The upload could not be read or written on the service's disk.", failure);
        }
    }

    /**
     * Says what {@link #submit} would make of the same wish, and keeps the project for a while. What the cluster refuses is shown, not
     * thrown.
     *
     * @throws io.slipway.project.InvalidProject when the project or the spec cannot become a job
     * @throws UnknownReference when it names a cluster or a stored project that is not there
     * @throws PlanHasWarnings when the wish says so
     * @throws QuotaExceeded when the owner sends more than is allowed
     * @throws StorageUnavailable when the project could not be stored; the request may be repeated
     * @throws io.slipway.project.InspectionsBusy when too many are looked at; the request may be repeated
     */
    public Plan plan(SubmitJob wanted) {
        quotas.take(wanted.owner(), null);
        try (WorkFolder work = incoming.newWork();
                ReceivedProject sent = received.of(wanted, work)) {
            Optional<ArtifactFile> base = base(wanted, sent);
            try (ProjectArchive project = sent.open(wanted.configs())) {
                ValidatedSubmission checked = checks.of(wanted, sent, project);
                List<Finding> findings = preparation.findings(checked, project, work);
                if (checked.launch().failOn() == FailOn.WARNING) {
                    Preparation.refuseWarnings(findings);
                }
                Plan plan = kept(wanted, base.orElse(ArtifactFile.of(project)), project, checked, findings);
                sent.stored(project);
                checked.stored(environments);
                return plan;
            }
        } catch (IOException failure) {
            throw new StorageUnavailable("The upload could not be read or written on the service's disk.", failure);
        }
    }

    /**
     * The project is kept without its configuration files, too: they are small, and the next wish may bring others. It is read before
     * the other, since who has memory for one never waits for more.
     */
    private Optional<ArtifactFile> base(SubmitJob wanted, ReceivedProject sent) throws IOException {
        if (wanted.configs().isEmpty()) {
            return Optional.empty();
        }
        try (ProjectArchive base = sent.open(List.of())) {
            base.take();
            return Optional.of(ArtifactFile.of(base));
        }
    }

    private Plan kept(
            SubmitJob wanted,
            ArtifactFile base,
            ProjectArchive project,
            ValidatedSubmission checked,
            List<Finding> findings) {
        List<ArtifactFile> files = Stream.concat(checked.files().stream(), Stream.of(base))
                .distinct()
                .toList();
        Instant expiry = kept.keep(wanted.owner(), files);
        return new Plan(
                checked.job(), base.id(), project.files(), checked.leftOut(), expiry, checked.preview(), findings);
    }
}
