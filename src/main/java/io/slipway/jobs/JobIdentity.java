package io.slipway.jobs;

import io.slipway.project.ArtifactId;
import io.slipway.project.JobSpec;
import io.slipway.project.LaunchPlan;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was asked, by whom, of which cluster: the part of a job that never changes. */
@MappedSuperclass
abstract class JobIdentity {

    @Id
    private String id;

    @Version
    private @Nullable Long version;

    private String owner;
    private String name;
    private String cluster;

    @Column(name = "artifact_id")
    private String projectId;

    /** Of the packed environment that came with it, or was built for it. */
    private @Nullable String environmentId;

    @Convert(converter = JobSpecColumn.class)
    private JobSpec spec;

    /** Of the spec, where the queue can be ordered by it. */
    private int priority;

    /** SHA-256 over project and spec: tells whether a repeated key means the same job. */
    private String fingerprint;

    /** The job that this one was run again from, which may be gone. */
    private @Nullable String originId;

    private @Nullable String sourceUri;
    private @Nullable String sourceVersion;

    private Instant createdAt;

    @ElementCollection
    @CollectionTable(name = "job_label", joinColumns = @JoinColumn(name = "job_id"))
    @MapKeyColumn(name = "label_key")
    @Column(name = "label_value")
    private Map<String, String> labels = new HashMap<>();

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    JobIdentity() {}

    JobIdentity(JobId id, NewJob wanted, Instant now) {
        this.id = id.value();
        this.owner = wanted.owner().value();
        this.createdAt = now;
        asks(wanted);
    }

    /** Once, or again when the project has come from elsewhere: what it is decides the rest. */
    final void asks(NewJob wanted) {
        this.name = wanted.name();
        this.cluster = wanted.cluster();
        this.projectId = wanted.projectId().value();
        this.environmentId = wanted.spec()
                .program()
                .launch()
                .python()
                .storedEnvironment()
                .map(ArtifactId::value)
                .orElse(null);
        this.spec = wanted.spec();
        this.priority = wanted.spec().limits().priority();
        this.fingerprint = wanted.fingerprint();
        this.originId = wanted.origin() == null ? null : wanted.origin().value();
        JobSource source = wanted.source();
        this.sourceUri = source == null ? null : source.uri();
        this.sourceVersion = source == null ? null : source.version();
        this.labels.clear();
        this.labels.putAll(wanted.spec().labels());
    }

    /** As the row says, and as who writes the row says. */
    final void versionIs(long now) {
        this.version = now;
    }

    /** Each is a row of its own, for lists to be entered by. */
    final Map<String, String> labels() {
        return labels;
    }

    /** What those rows say is in the spec, too: nobody needs to read them. */
    final void labelsAreOfSpec() {
        labels.putAll(spec.labels());
    }

    /** The environment that was built for it is kept as long as the job. */
    void needsArtifact(@Nullable ArtifactId artifactId) {
        this.environmentId = artifactId == null ? null : artifactId.value();
    }

    /** Whether both run under the same role, or both under none of their own. */
    public boolean hasRoleOf(JobIdentity other) {
        return Objects.equals(
                spec.program().launch().executionRole(),
                other.spec.program().launch().executionRole());
    }

    /** What to start; the same for every attempt. */
    public LaunchPlan plan() {
        return LaunchPlan.of(projectId(), spec);
    }

    public JobId id() {
        return new JobId(id);
    }

    public long version() {
        return version == null ? 0 : version;
    }

    public Owner owner() {
        return new Owner(owner);
    }

    public String name() {
        return name;
    }

    public String cluster() {
        return cluster;
    }

    public ArtifactId projectId() {
        return new ArtifactId(projectId);
    }

    /** The job that this one was run again from. It may be gone. */
    public Optional<JobId> origin() {
        return Optional.ofNullable(originId).map(JobId::new);
    }

    /** Whether its project is still on its way from elsewhere: neither its id nor its entry point is known. */
    public boolean isBeingFetched() {
        return projectId.equals(NewJob.NOT_FETCHED.value());
    }

    /** Where its project was fetched from; empty for one that was sent. */
    public Optional<JobSource> source() {
        String uri = sourceUri;
        return uri == null ? Optional.empty() : Optional.of(new JobSource(uri, sourceVersion));
    }

    /** Whether the driver of a run can tell that its program has ended, where its cluster has that on. */
    public boolean reportsItsEnd() {
        return spec().program().launch().reportsItsEnd();
    }

    public JobSpec spec() {
        return spec;
    }

    public String fingerprint() {
        return fingerprint;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
