package io.slipway.submission;

import io.slipway.compute.Clusters;
import io.slipway.compute.Compute;
import io.slipway.compute.Preview;
import io.slipway.jobs.Job;
import io.slipway.jobs.NewJob;
import io.slipway.project.JobSpec;
import io.slipway.project.LaunchPlan;
import io.slipway.project.Overlaid;
import io.slipway.project.analysis.ProjectInspector;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.PackedEnvironment;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.spec.KeptValues;
import io.slipway.project.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Whether a wish can become a job, with its project in hand. */
@Component
class SubmissionValidator {

    private final StoredProjects stored;
    private final Clusters clusters;
    private final ArchiveLimits limits;

    SubmissionValidator(StoredProjects stored, Clusters clusters, SubmissionSettings settings) {
        this.stored = stored;
        this.clusters = clusters;
        this.limits = settings.archive().limits();
    }

    /** Looks at the project and at the wish, and refuses what cannot become a job. Nothing is stored yet. */
    ValidatedSubmission of(SubmitJob wanted, ProjectArchive project) throws IOException {
        byte[] file = project.read(SpecReader.FILE, SpecReader.FILE_READ_BYTES).orElse(null);
        Optional<Job> earlier = stored.earlier(wanted.owner(), wanted.project());
        JobSpec asked = new SpecReader(keptBy(earlier)).read(wanted.specJson(), fields(wanted), file);
        String entryPoint = new ProjectInspector().inspect(project, asked).entryPoint();
        Compute cluster = cluster(asked);
        String name = asked.name() == null ? project.suggestedName() : asked.name();
        JobSpec spec = asked.resolved(name, cluster.target().name(), entryPoint, overlaid(earlier, project));
        LaunchPlan plan = LaunchPlan.of(project.id(), spec);
        Preview preview = cluster.preview(name, plan, project.files());
        NewJob job = new NewJob(
                wanted.owner(),
                name,
                cluster.target().name(),
                project.id(),
                spec,
                wanted.idempotencyKey(),
                RequestFingerprint.of(project.id(), asked));
        return new ValidatedSubmission(job, plan, preview, files(wanted, project, spec));
    }

    private static KeptValues keptBy(Optional<Job> earlier) {
        return earlier.map(job -> KeptValues.of(job.id(), job.spec().environment()))
                .orElse(KeptValues.NONE);
    }

    /** What lay over the earlier job's project lies over this one, which is that with more over it. */
    private static Map<String, Overlaid> overlaid(Optional<Job> earlier, ProjectArchive project) {
        Map<String, Overlaid> overlaid = new HashMap<>(project.overlaid());
        earlier.ifPresent(job -> overlaid.putAll(job.spec().program().overlaid()));
        return overlaid;
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
}
