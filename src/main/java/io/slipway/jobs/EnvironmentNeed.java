package io.slipway.jobs;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Python environment that a job needs before it can go: what it asks for, and the one that it waits for or was given. */
@Embeddable
public class EnvironmentNeed {

    /** How far it is. */
    public enum State {
        /** The job waits in the queue and is not offered to its cluster. */
        AWAITED,
        /** Every attempt of the job runs in it; without a location, in the cluster's own Python. */
        GIVEN
    }

    @Column(name = "requirements_id")
    private String requirementsId;

    @Enumerated(EnumType.STRING)
    @Column(name = "environment_need")
    private State state;

    @Column(name = "built_environment_id")
    private @Nullable String environmentId;

    @Column(name = "environment_place")
    private @Nullable String location;

    @Column(name = "environment_since")
    private @Nullable Instant since;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected EnvironmentNeed() {}

    EnvironmentNeed(String requirementsId) {
        this.requirementsId = requirementsId;
        this.state = State.AWAITED;
    }

    void awaits(@Nullable String id, Instant now) {
        this.environmentId = id;
        this.since = now;
    }

    void given(String where) {
        this.state = State.GIVEN;
        this.location = where;
    }

    /** What was given does not fit any more. */
    void outlived() {
        this.state = State.AWAITED;
        this.location = null;
        this.environmentId = null;
    }

    /** The cluster's own Python is what the job gets. */
    void none() {
        this.state = State.GIVEN;
        this.environmentId = null;
    }

    /** What is to be installed, as it was stored with the submission. */
    public String requirementsId() {
        return requirementsId;
    }

    public boolean isAwaited() {
        return state == State.AWAITED;
    }

    /** The environment that is built for it, or was; empty before the leader has looked. */
    public Optional<String> environmentId() {
        return Optional.ofNullable(environmentId);
    }

    /** How its cluster finds it, in a spec's words; empty until it is given, and where the job goes without one. */
    public Optional<String> location() {
        return Optional.ofNullable(location);
    }

    /** Since when it waits for this environment. */
    public Optional<Instant> since() {
        return Optional.ofNullable(since);
    }
}
