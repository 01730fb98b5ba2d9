package io.slipway.environments;

import io.slipway.project.ArtifactId;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One environment of one key, from the first wish for it to its end. Each change is a verb that checks whether it may happen now. */
@Entity
public class Environment {

    @Id
    private String id;

    @Version
    private @Nullable Long version;

    @Column(name = "env_key")
    private String key;

    private int generation;
    private String requirementsId;
    private String cluster;
    private @Nullable String pythonVersion;
    private String projectId;
    private @Nullable String executionRole;
    private String owner;
    private boolean hashed;
    private @Nullable String platform;

    /** Somebody asked for it by itself: it is built though no job waits. */
    private boolean requested;

    @Enumerated(EnumType.STRING)
    private EnvironmentState state;

    private int attempt;
    private @Nullable Instant intentAt;

    @Column(name = "remote_place")
    private @Nullable String machine;

    private @Nullable Instant notBefore;
    private @Nullable String message;

    @Enumerated(EnumType.STRING)
    private @Nullable BuildFault fault;

    private @Nullable Instant faultAt;

    @Column(name = "place")
    private @Nullable String location;

    private @Nullable String artifactId;
    private long sizeBytes;
    private double buildSeconds;

    @Convert(converter = PackagesColumn.class)
    private List<InstalledPackage> packages = List.of();

    private @Nullable String python;
    private Instant createdAt;
    private @Nullable Instant endedAt;
    private Instant lastUsedAt;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected Environment() {}

    private Environment(
            String id, EnvironmentWish wish, String key, @Nullable String platform, int generation, Instant now) {
        this.id = id;
        this.platform = platform;
        this.key = key;
        this.generation = generation;
        this.requirementsId = wish.requirementsId();
        this.cluster = wish.cluster();
        this.pythonVersion = wish.pythonVersion();
        this.projectId = wish.projectId().value();
        this.executionRole = wish.executionRole();
        this.owner = wish.owner();
        this.hashed = wish.hashed();
        this.state = EnvironmentState.WANTED;
        this.createdAt = now;
        this.lastUsedAt = now;
    }

    /**
     * @param id sorts by time of creation (a ULID)
     * @param platform as {@link BuildSite#platform}, for which the key was made; {@code null} for one that an earlier version made
     * @param generation counts from 1 for each key
     */
    static Environment wanted(
            String id, EnvironmentWish wish, String key, @Nullable String platform, int generation, Instant now) {
        return new Environment(id, wish, key, platform, generation, now);
    }

    void requested() {
        this.requested = true;
    }

    public boolean isRequested() {
        return requested;
    }

    /** The intent to build, committed before anybody is asked to. */
    public void building(@Nullable String at, Instant now) {
        become(EnvironmentState.BUILDING);
        this.attempt++;
        this.intentAt = now;
        this.machine = at;
        this.notBefore = null;
    }

    /** The same build once more: whoever was asked certainly did not begin it. */
    public void intendedAgain(Instant now) {
        if (state != EnvironmentState.BUILDING) {
            throw new IllegalStateException("environment " + id + " is " + state + " and is not built");
        }
        this.intentAt = now;
    }

    public void ready(BuiltEnvironment built, Instant now) {
        become(EnvironmentState.READY);
        this.location = built.location();
        this.artifactId = built.artifactId() == null ? null : built.artifactId().value();
        this.sizeBytes = built.sizeBytes();
        this.buildSeconds = built.seconds();
        this.packages = built.packages();
        this.python = built.python();
        this.message = null;
        this.fault = null;
        this.faultAt = null;
        this.endedAt = now;
        this.lastUsedAt = now;
    }

    /** It is built again, but not at once. */
    public void putOff(String why, BuildFault at, Instant until, Instant now) {
        become(EnvironmentState.WANTED);
        blame(why, at, now);
        this.notBefore = until;
        this.intentAt = null;
    }

    public void failed(String why, BuildFault at, Instant now) {
        become(EnvironmentState.FAILED);
        blame(why, at, now);
        this.endedAt = now;
    }

    private void blame(String why, BuildFault at, Instant now) {
        this.message = cut(why);
        this.fault = at;
        this.faultAt = now;
    }

    public void cancelled(Instant now) {
        cancelled("Nobody needed it any more." + (message == null ? "" : " " + message), now);
    }

    /** It would not be what its key says: whoever waits for it needs another one. */
    public void misplaced(BuildSite instead, Instant now) {
        cancelled("It was to be built for " + platform + ", and would be for " + instead.platform() + ".", now);
    }

    private void cancelled(String why, Instant now) {
        become(EnvironmentState.CANCELLED);
        this.message = cut(why);
        this.endedAt = now;
    }

    public void used(Instant now) {
        this.lastUsedAt = now;
    }

    private void become(EnvironmentState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("environment " + id + " is " + state + " and cannot become " + next);
        }
        this.state = next;
    }

    private static String cut(String text) {
        return text.length() <= 2000 ? text : text.substring(0, 1999) + "…";
    }

    /** Whether a job that comes now can have it, or wait for it. */
    boolean serves(Instant now, Duration maxAge, Duration failuresKept) {
        return switch (state) {
            case WANTED, BUILDING -> true;
            case READY -> hashed || endedAt == null || now.isBefore(endedAt.plus(maxAge));
            case FAILED -> isOfRequirements() && endedAt != null && now.isBefore(endedAt.plus(failuresKept));
            case CANCELLED -> false;
        };
    }

    /** Rows of earlier versions do not say it. */
    private boolean isOfRequirements() {
        return fault == null || fault == BuildFault.REQUIREMENTS;
    }

    /** Whether what is built there, or runs there, is what its key says. */
    public boolean isFor(BuildSite site) {
        return platform == null || platform.equals(site.platform());
    }

    /** As {@link BuildSite#platform}; empty for one that an earlier version made. */
    Optional<String> platform() {
        return Optional.ofNullable(platform);
    }

    public boolean isDue(Instant now) {
        return state == EnvironmentState.WANTED && (notBefore == null || !now.isBefore(notBefore));
    }

    /** Of the build that is intended, or was last. */
    public BuildRef build() {
        return build(attempt);
    }

    /** All that were begun. */
    public List<BuildRef> builds() {
        return IntStream.rangeClosed(1, attempt).mapToObj(this::build).toList();
    }

    private BuildRef build(int number) {
        return new BuildRef(id + "-" + number, cluster, machine, intentAt == null ? createdAt : intentAt);
    }

    public String id() {
        return id;
    }

    public String key() {
        return key;
    }

    public int generation() {
        return generation;
    }

    public String requirementsId() {
        return requirementsId;
    }

    /** Where it is built. */
    public String cluster() {
        return cluster;
    }

    public String owner() {
        return owner;
    }

    public boolean isHashed() {
        return hashed;
    }

    public EnvironmentState state() {
        return state;
    }

    /** Counts the builds that were begun. */
    public int attempt() {
        return attempt;
    }

    /** Why it failed, or is built again later. */
    public Optional<String> message() {
        return Optional.ofNullable(message);
    }

    /** Of its last build; empty when nothing was at fault. */
    public Optional<BuildFault> fault() {
        return Optional.ofNullable(fault);
    }

    /** How its cluster finds it, in a spec's words. */
    public Optional<String> location() {
        return Optional.ofNullable(location);
    }

    public @Nullable ArtifactId artifactId() {
        return artifactId == null ? null : new ArtifactId(artifactId);
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    public double buildSeconds() {
        return buildSeconds;
    }

    public List<InstalledPackage> packages() {
        return packages;
    }

    /** Version of its Python; {@code null} until it is there. */
    public @Nullable String python() {
        return python;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** When it was ready, failed or was cancelled. */
    public @Nullable Instant endedAt() {
        return endedAt;
    }

    public Instant lastUsedAt() {
        return lastUsedAt;
    }

    /** What asked for it first, to ask for the same again. */
    public EnvironmentWish wish() {
        return new EnvironmentWish(
                requirementsId, cluster, pythonVersion, new ArtifactId(projectId), executionRole, owner, hashed);
    }
}
