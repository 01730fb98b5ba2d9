package io.slipway.submission;

import io.slipway.compute.Clusters;
import io.slipway.compute.Compute;
import io.slipway.compute.Preview;
import io.slipway.jobs.NewJob;
import io.slipway.project.ArchiveLimits;
import io.slipway.project.Finding;
import io.slipway.project.JobSpec;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.LaunchPlan;
import io.slipway.project.PackedEnvironment;
import io.slipway.project.PlanFindings;
import io.slipway.project.ProjectArchive;
import io.slipway.project.ProjectInspector;
import io.slipway.project.SourceAnalysis;
import io.slipway.project.SpecReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Accepts a job: looks into the project, records the job, puts the project in place. When {@link #submit} returns, the job survives
 * whatever happens; when it throws, nothing of the submission is left.
 */
@Component
public class Submission {

    private final Incoming incoming;
    private final StoredProjects stored;
    private final Acceptance acceptance;
    private final Clusters clusters;
    private final KeptProjects kept;
    private final Quotas quotas;
    private final ArchiveLimits limits;
    private final SourceAnalysis analysis;

    Submission(
            Incoming incoming,
            StoredProjects stored,
            Acceptance acceptance,
            Clusters clusters,
            KeptProjects kept,
            Quotas quotas,
            SubmissionSettings settings,
            PlanSettings plans) {
        this.incoming = incoming;
        this.stored = stored;
        this.acceptance = acceptance;
        this.clusters = clusters;
        this.kept = kept;
        this.quotas = quotas;
        this.limits = settings.archive().limits();
        this.analysis = new SourceAnalysis(plans.python(), plans.analysisTimeout());
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
     */
    public Submitted submit(SubmitJob wanted) {
        quotas.take(wanted.owner(), wanted.idempotencyKey());
        Path work = newFolder();
        try (ProjectArchive project = open(wanted, work)) {
            Checked checked = check(wanted, project);
            checked.refuseProblems();
            if (checked.launch().failOn() == FailOn.WARNING) {
                refuseWarnings(findings(checked, project, work));
            }
            return acceptance.accept(checked.job(), checked.files());
        } catch (IOException failure) {
            throw new StorageUnavailable("The upload could not be read or written on the service's disk.", failure);
        } finally {
            incoming.sweep(work);
        }
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
     */
    public Plan plan(SubmitJob wanted) {
        quotas.take(wanted.owner(), null);
        Path work = newFolder();
        try (ProjectArchive project = open(wanted, work)) {
            Checked checked = check(wanted, project);
            List<Finding> findings = findings(checked, project, work);
            if (checked.launch().failOn() == FailOn.WARNING) {
                refuseWarnings(findings);
            }
            Instant expiry = kept.keep(wanted.owner(), checked.files());
            return new Plan(checked.job(), project.files(), expiry, checked.preview(), findings);
        } catch (IOException failure) {
            throw new StorageUnavailable("The upload could not be read or written on the service's disk.", failure);
        } finally {
            incoming.sweep(work);
        }
    }

    private List<Finding> findings(Checked checked, ProjectArchive project, Path work) throws IOException {
        List<Finding> findings = new ArrayList<>(PlanFindings.of(checked.plan(), project.files()));
        findings.addAll(checked.preview().findings());
        findings.addAll(analysis.of(project, checked.plan(), work));
        return findings;
    }

    private static void refuseWarnings(List<Finding> findings) {
        List<Finding> warnings = findings.stream().filter(Finding::isWarning).toList();
        if (!warnings.isEmpty()) {
            throw new PlanHasWarnings(warnings);
        }
    }

    private ProjectArchive open(SubmitJob wanted, Path work) throws IOException {
        ProjectSource source = wanted.project();
        if (source instanceof ProjectSource.Upload upload) {
            return ProjectArchive.read(upload.file(), upload.fileName(), wanted.configs(), limits, work);
        }
        Path zip = stored.fetch(wanted.owner(), source, work);
        return ProjectArchive.read(zip, "project.zip", wanted.configs(), limits, work);
    }

    /** Looks at the project and at the wish, and refuses what cannot become a job. Nothing is stored yet. */
    private Checked check(SubmitJob wanted, ProjectArchive project) throws IOException {
        byte[] file = project.read(SpecReader.FILE, SpecReader.FILE_READ_BYTES).orElse(null);
        JobSpec asked = new SpecReader().read(wanted.specJson(), fields(wanted), file);
        String entryPoint = new ProjectInspector().inspect(project, asked).entryPoint();
        Compute cluster = cluster(asked);
        String name = asked.name() == null ? project.suggestedName() : asked.name();
        JobSpec spec = asked.resolved(name, cluster.target().name(), entryPoint);
        LaunchPlan plan = LaunchPlan.of(project.id(), spec);
        Preview preview = cluster.preview(name, plan, project.files());
        NewJob job = new NewJob(
                wanted.owner(),
                name,
                cluster.target().name(),
                project.id(),
                spec,
                wanted.idempotencyKey(),
                Fingerprint.of(project.id(), asked));
        return new Checked(job, plan, preview, files(wanted, project, spec));
    }

    /** An environment that came with the request is named in the spec by its id. */
    private Map<String, List<String>> fields(SubmitJob wanted) throws IOException {
        Path environment = wanted.environment();
        if (environment == null) {
            return wanted.fields();
        }
        Map<String, List<String>> fields = new LinkedHashMap<>(wanted.fields());
        fields.put("pythonEnvironment", List.of(PackedEnvironment.idOf(environment, limits)));
        return fields;
    }

    private List<ArtifactFile> files(SubmitJob wanted, ProjectArchive project, JobSpec spec) throws IOException {
        List<ArtifactFile> files = new ArrayList<>(List.of(ArtifactFile.of(project)));
        Optional<String> environment = spec.program().launch().python().storedEnvironment();
        if (environment.isPresent()) {
            if (wanted.environment() == null) {
                stored.requireEnvironment(wanted.owner(), environment.get());
            }
            files.add(ArtifactFile.environment(environment.get(), wanted.environment()));
        }
        return files;
    }

    private Compute cluster(JobSpec asked) {
        String name = asked.cluster() == null ? clusters.defaultName() : asked.cluster();
        return clusters.find(name)
                .orElseThrow(() -> new UnknownReference(
                        "cluster",
                        "There is no cluster '" + name + "'. Configured are: " + String.join(", ", clusters.names())
                                + ". An EMR cluster's id can be named where slipway.clusters.<name>.emr.cluster-ids"
                                + " allows it."));
    }

    private Path newFolder() {
        try {
            return incoming.newFolder();
        } catch (IOException failure) {
            throw new StorageUnavailable("There is no place for an upload on the service's disk.", failure);
        }
    }
}
