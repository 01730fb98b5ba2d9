package io.slipway.submission;

import io.slipway.compute.Preview;
import io.slipway.project.Finding;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.analysis.LfsPointers;
import io.slipway.project.analysis.PlanFindings;
import io.slipway.project.analysis.SourceAnalysis;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.spec.SpecFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
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
    private final Quotas quotas;
    private final RememberedAnalysis analysis;

    Submission(
            Incoming incoming,
            ReceivedProjects received,
            Acceptance acceptance,
            SubmissionValidator checks,
            PlannedProjects kept,
            Quotas quotas,
            PlanSettings plans) {
        this.incoming = incoming;
        this.received = received;
        this.acceptance = acceptance;
        this.checks = checks;
        this.kept = kept;
        this.quotas = quotas;
        this.analysis = new RememberedAnalysis(
                new SourceAnalysis(plans.python(), plans.analysisTimeout(), new Semaphore(plans.maxAnalyses(), true)));
    }

    /**
     * Takes a few milliseconds for a small project and as long as storing takes for a large one.
     *
     * @throws io.slipway.project.InvalidProject when the project or the spec cannot become a job
     * @throws UnknownReference when it names a cluster or a stored project that is not there
     * @throws PlanHasWarnings when the wish says so
     * @throws QuotaExceeded when the owner has, or sends, as much as is allowed
     * @throws IdempotencyKeyReused when the key stands for another job
     * @throws StorageUnavailable when the project could not be stored; the request may be repeated
     * @throws io.slipway.project.InspectionsBusy when too many are looked at; the request may be repeated
     */
    public Submitted submit(SubmitJob wanted) {
        quotas.take(wanted.owner(), wanted.idempotencyKey());
        Path work = newFolder();
        try {
            ReceivedProject sent = received.of(wanted, work);
            try (ProjectArchive project = sent.open(wanted.configs())) {
                Submitted submitted = accepted(checks.of(wanted, sent, project), project, work);
                sent.stored(project);
                return submitted;
            }
        } catch (IOException failure) {
            throw new StorageUnavailable("The upload could not be read or written on the service's disk.", failure);
        } finally {
            incoming.sweep(work);
        }
    }

    private Submitted accepted(ValidatedSubmission checked, ProjectArchive project, Path work) throws IOException {
        checked.refuseProblems();
        if (checked.launch().failOn() == FailOn.WARNING) {
            refuseWarnings(findings(checked, project, work));
        }
        return acceptance.accept(checked);
    }

    /**
     * Says what {@link #submit} would make of the same wish, and keeps the project for a while. What the cluster refuses is told, not
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
        Path work = newFolder();
        try {
            ReceivedProject sent = received.of(wanted, work);
            Optional<ArtifactFile> base = base(wanted, sent);
            try (ProjectArchive project = sent.open(wanted.configs())) {
                ValidatedSubmission checked = checks.of(wanted, sent, project);
                List<Finding> findings = findings(checked, project, work);
                if (checked.launch().failOn() == FailOn.WARNING) {
                    refuseWarnings(findings);
                }
                Plan plan = kept(wanted, base.orElse(ArtifactFile.of(project)), project, checked, findings);
                sent.stored(project);
                return plan;
            }
        } catch (IOException failure) {
            throw new StorageUnavailable("The upload could not be read or written on the service's disk.", failure);
        } finally {
            incoming.sweep(work);
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

    private List<Finding> findings(ValidatedSubmission checked, ProjectArchive project, Path work) throws IOException {
        List<Finding> findings = new ArrayList<>(PlanFindings.of(checked.plan(), project.files()));
        findings.addAll(project.findings());
        findings.addAll(checked.findings());
        findings.addAll(SpecFiles.notRead(project.files()));
        findings.addAll(checked.preview().findings());
        findings.addAll(LfsPointers.of(project));
        Preview preview = checked.preview();
        findings.addAll(analysis.of(project, checked.plan(), preview.driver(), preview.python(), work));
        return Finding.capped(findings);
    }

    private static void refuseWarnings(List<Finding> findings) {
        List<Finding> warnings = findings.stream().filter(Finding::isWarning).toList();
        if (!warnings.isEmpty()) {
            throw new PlanHasWarnings(warnings);
        }
    }

    private Path newFolder() {
        try {
            return incoming.newFolder();
        } catch (IOException failure) {
            throw new StorageUnavailable("The service's disk has no space for the upload.", failure);
        }
    }
}
