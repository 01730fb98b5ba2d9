package io.slipway.submission;

import io.slipway.compute.Cluster;
import io.slipway.compute.Clusters;
import io.slipway.compute.NodeSystem;
import io.slipway.compute.Preview;
import io.slipway.environments.RequirementsReading;
import io.slipway.jobs.Job;
import io.slipway.jobs.NewJob;
import io.slipway.jobs.Owner;
import io.slipway.project.ArtifactId;
import io.slipway.project.Finding;
import io.slipway.project.HeldBytes;
import io.slipway.project.JobSpec;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import io.slipway.project.Overlaid;
import io.slipway.project.analysis.InstalledPackages;
import io.slipway.project.analysis.NamedPaths;
import io.slipway.project.analysis.ProjectInspector;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.LeftOut;
import io.slipway.project.archive.PackedEnvironment;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.spec.KeptValues;
import io.slipway.project.spec.SpecReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Whether a wish can become a job, with its project in hand. */
@Component
class SubmissionValidator {

    private final StoredProjects stored;
    private final KnownEnvironments environments;
    private final Clusters clusters;
    private final RequirementsReading requirements;
    private final ArchiveLimits limits;
    private final DataSize maxStagedFiles;

    SubmissionValidator(
            StoredProjects stored,
            KnownEnvironments environments,
            Clusters clusters,
            RequirementsReading requirements,
            SubmissionSettings settings) {
        this.environments = environments;
        this.stored = stored;
        this.clusters = clusters;
        this.requirements = requirements;
        this.limits = settings.archiveLimits();
        this.maxStagedFiles = settings.maxStagedFiles();
    }

    /** Looks at the project and at the wish, and refuses what cannot become a job. Nothing is stored yet. */
    ValidatedSubmission of(SubmitJob wanted, ReceivedProject received, ProjectArchive project) throws IOException {
        String specFile = SpecReader.FILES.stream()
                .filter(project.files()::hasFile)
                .findFirst()
                .orElse(SpecReader.FILE);
        byte[] file = project.read(specFile, SpecReader.FILE_READ_BYTES).orElse(null);
        Optional<Job> earlier = stored.earlier(wanted.owner(), wanted.project());
        PackedEnvironment environment = environment(wanted);
        JobSpec asked = NamedPaths.of(project)
                .in(new SpecReader(keptBy(earlier))
                        .read(wanted.specJson(), fields(wanted, environment), specFile, file));
        String entryPoint = new ProjectInspector().inspect(project, asked).entryPoint();
        Cluster cluster = cluster(asked.cluster() == null ? clusters.defaultName() : asked.cluster());
        String name = asked.name() == null ? received.name(project) : asked.name();
        Optional<RequirementsReading.Read> needs = requirements.of(project, asked, cluster.traits());
        JobSpec spec = asked.resolved(name, cluster.traits().name(), entryPoint, overlaid(earlier, project));
        if (needs.isPresent() && asked.program().launch().python().requirements() == null) {
            spec = spec.finding(needs.get().file());
        }
        LaunchPlan plan = LaunchPlan.of(project.id(), spec);
        Preview preview = cluster.preview().preview(name, plan, project.files());
        NewJob job = new NewJob(
                        wanted.owner(),
                        name,
                        cluster.traits().name(),
                        project.id(),
                        spec,
                        wanted.idempotencyKey(),
                        RequestFingerprint.of(project.id(), asked),
                        earlier.map(Job::id).orElse(null))
                .from(earlier.flatMap(Job::source).orElse(received.source()));
        List<LeftOut> leftOut = received.leftOut(project);
        Looked looked = new Looked(
                plan, preview, files(wanted.environment(), wanted.owner(), project, spec), needs, environment);
        List<Finding> findings = new ArrayList<>(requirements.findings(project, asked, cluster.traits()));
        findings.addAll(ofEnvironment(environment, spec, cluster));
        findings.addAll(GitSubmodules.of(leftOut));
        return checked(job, looked, cluster, project, findings).leavingOut(leftOut);
    }

    /** Looks at a job that is to run once more as it was. Its cluster may refuse by now what it took then. */
    ValidatedSubmission again(Job earlier, ProjectArchive project, String idempotencyKey) throws IOException {
        JobSpec spec = earlier.spec();
        Cluster cluster = cluster(earlier.cluster());
        // What was found at its root then is named in the spec; what was not, is not looked for now.
        Optional<RequirementsReading.Read> needs =
                spec.program().launch().python().requirements() == null
                        ? Optional.empty()
                        : requirements.of(project, spec, cluster.traits());
        LaunchPlan plan = LaunchPlan.of(project.id(), spec);
        Preview preview = cluster.preview().preview(earlier.name(), plan, project.files());
        NewJob job = new NewJob(
                earlier.owner(),
                earlier.name(),
                earlier.cluster(),
                project.id(),
                spec,
                idempotencyKey,
                RequestFingerprint.of(project.id(), spec),
                earlier.id());
        Looked looked = new Looked(plan, preview, files(null, earlier.owner(), project, spec), needs, null);
        return checked(job, looked, cluster, project, List.of());
    }

    /** What was found out of a project and a spec. */
    private record Looked(
            LaunchPlan plan,
            Preview preview,
            List<ArtifactFile> files,
            Optional<RequirementsReading.Read> needs,
            @Nullable PackedEnvironment sentEnvironment) {}

    private ValidatedSubmission checked(
            NewJob job, Looked looked, Cluster cluster, ProjectArchive project, List<Finding> findings) {
        Pieces pieces = new Pieces(cluster.preview().pieces(looked.plan(), project.files()), project.files());
        return new ValidatedSubmission(
                job,
                looked.plan(),
                pieces.objection(maxStagedFiles).map(looked.preview()::with).orElse(looked.preview()),
                looked.files(),
                pieces,
                looked.needs().map(RequirementsReading.Read::requirements).orElse(null),
                looked.sentEnvironment(),
                packages(looked.needs(), cluster),
                findings,
                project.leftOut());
    }

    /** Of one that lies in the caller's bucket nothing is known: this service may be able to read what the caller may not. */
    private List<Finding> ofEnvironment(@Nullable PackedEnvironment sent, JobSpec spec, Cluster cluster) {
        Launch.Python python = spec.program().launch().python();
        if (python.environment() == null) {
            return List.of();
        }
        return Optional.ofNullable(sent)
                .or(() -> python.storedEnvironment().flatMap(environments::find))
                .map(packed -> findings(packed, cluster))
                .orElseGet(() -> List.of(new Finding(
                        "environment-not-looked-at",
                        Finding.Severity.INFO,
                        null,
                        null,
                        "Nobody has looked into the packed environment: its Python, its links and its compiled code are"
                                + " not compared with the cluster.",
                        "Send its file once as the part pythonEnvironment; jobs can name it by its id after that.")));
    }

    private static List<Finding> findings(PackedEnvironment environment, Cluster cluster) {
        Optional<NodeSystem> nodes = cluster.preview().nodes();
        return environment.findings(
                nodes.map(NodeSystem::glibc).orElse(null),
                nodes.map(NodeSystem::architecture).orElse(null),
                nodes.map(NodeSystem::pythons).orElse(List.of()));
    }

    private static InstalledPackages packages(Optional<RequirementsReading.Read> needs, Cluster cluster) {
        return needs.map(RequirementsReading.Read::packages)
                .orElseGet(() -> InstalledPackages.onCluster(
                        cluster.preview().nodes().map(NodeSystem::packages).orElse(List.of())));
    }

    private static KeptValues keptBy(Optional<Job> earlier) {
        return earlier.map(job -> KeptValues.of(job.id().value(), job.spec().environment()))
                .orElse(KeptValues.NONE);
    }

    /** What lay over the earlier job's project lies over this one, which is that with more over it. */
    private static Map<String, Overlaid> overlaid(Optional<Job> earlier, ProjectArchive project) {
        Map<String, Overlaid> overlaid = new HashMap<>(project.overlaid());
        earlier.ifPresent(job -> overlaid.putAll(job.spec().program().overlaid()));
        return overlaid;
    }

    private @Nullable PackedEnvironment environment(SubmitJob wanted) throws IOException {
        HeldBytes sent = wanted.environment();
        return sent == null ? null : PackedEnvironment.of(sent, limits);
    }

    /** An environment that came with the request is named in the spec by its id. */
    private static Map<String, List<String>> fields(SubmitJob wanted, @Nullable PackedEnvironment environment) {
        if (environment == null) {
            return wanted.fields();
        }
        Map<String, List<String>> fields = new LinkedHashMap<>(wanted.fields());
        fields.put("pythonEnvironment", List.of(environment.id()));
        return fields;
    }

    private List<ArtifactFile> files(
            @Nullable HeldBytes sentEnvironment, Owner owner, ProjectArchive project, JobSpec spec) throws IOException {
        List<ArtifactFile> files = new ArrayList<>(List.of(ArtifactFile.of(project)));
        Optional<ArtifactId> environment = spec.program().launch().python().storedEnvironment();
        if (environment.isPresent()) {
            if (sentEnvironment == null) {
                stored.requireEnvironment(owner, environment.get());
            }
            files.add(ArtifactFile.environment(environment.get(), sentEnvironment));
        }
        return files;
    }

    private Cluster cluster(String name) {
        return clusters.find(name).orElseThrow(() -> new UnknownReference("cluster", clusters.whyUnknown(name)));
    }
}
