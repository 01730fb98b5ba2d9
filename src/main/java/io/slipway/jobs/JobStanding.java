package io.slipway.jobs;

import io.slipway.project.LaunchPlan;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the story of a job stands, and what can be asked of it. {@link Job} alone writes to it. */
@MappedSuperclass
abstract class JobStanding extends JobIdentity {

    /** Logs come some minutes after the end, if they come. */
    public static final Duration CAUSE_AWAITED = Duration.ofMinutes(10);

    @Enumerated(EnumType.STRING)
    JobState state;

    @Convert(converter = ReasonCodeColumn.class)
    Reason.@Nullable Code reasonCode;

    @Nullable
    String reasonMessage;

    /** Counts what was written, runs and history included, so that each change moves the version. */
    int changes;

    int attempt;

    /** How many runs of this attempt were taken back from the cluster. */
    int withdrawals;

    /** When it was first sent, if it was taken back: it goes before all that were not. */
    @Nullable
    @Column(name = "kept_place_at")
    Instant keptTurnAt;

    /** When a launch file goes that may lie there for a run which was never sent. */
    @Nullable
    Instant unsentLaunchDueAt;

    Instant heartbeatAt;

    @Nullable
    Instant queuedAt;

    @Nullable
    Instant queueDeadlineAt;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant endedAt;

    @Embedded
    @Nullable
    StopRequest stop;

    @Embedded
    @Nullable
    EnvironmentNeed need;

    @OneToMany(mappedBy = "job", cascade = CascadeType.PERSIST)
    @OrderBy("attempt")
    List<Run> runs = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    JobStanding() {}

    JobStanding(JobId id, NewJob wanted, Instant now) {
        super(id, wanted, now);
        this.attempt = 1;
        this.heartbeatAt = now;
        this.state = JobState.RECEIVING;
        this.need = need(wanted);
    }

    @Nullable
    static EnvironmentNeed need(NewJob wanted) {
        return wanted.requirementsId() == null ? null : new EnvironmentNeed(wanted.requirementsId());
    }

    /** What to start, in the environment that was built for it, if one was. */
    @Override
    public LaunchPlan plan() {
        return environment()
                .flatMap(EnvironmentNeed::location)
                .map(location -> LaunchPlan.of(projectId(), spec().in(location)))
                .orElseGet(super::plan);
    }

    /** The Python environment that has to be built before it runs; empty when it needs none. */
    public Optional<EnvironmentNeed> environment() {
        return Optional.ofNullable(need);
    }

    /** Whether the current run is this one; it may have been intended again since. */
    public boolean isAt(RunRef run) {
        return currentRun()
                .filter(current -> current.submissionKey().equals(run.submissionKey()))
                .isPresent();
    }

    /** Whether the latest intent is this one: an answer to an older one may not decide anything. */
    public boolean isIntended(RunRef run) {
        return isAt(run) && requireRun().intentAt().equals(run.intentAt());
    }

    /** Whether a report says anything that the story does not. */
    public boolean isNews(RunReport report) {
        if (!state.isOnCluster()) {
            return false;
        }
        return switch (report.phase()) {
            case ABSENT -> false;
            case PENDING -> state == JobState.SUBMITTING || requireRun().remoteId() == null;
            case RUNNING -> state != JobState.RUNNING;
            case SUCCEEDED, FAILED, CANCELLED -> true;
        };
    }

    /** Whether more may become known of why it failed, though it has ended. */
    public boolean isCauseExpected() {
        return state.isTerminal() && currentRun().filter(Run::isCauseExpected).isPresent();
    }

    /**
     * Until when readers of its story are kept waiting for why it failed; {@code null} when nothing is expected. It may still be found
     * afterwards.
     */
    public @Nullable Instant causeAwaitedUntil() {
        return isCauseExpected() && endedAt != null ? endedAt.plus(CAUSE_AWAITED) : null;
    }

    /** Whether the wish to stop should be sent to the cluster now. */
    public boolean isCancelDue(Instant now, Duration again) {
        return stop != null
                && currentRun().filter(run -> run.cancelIsDue(now, again)).isPresent();
    }

    /**
     * Whether its version changes with all that is shown of it. What its runs are still looked through for is noted in their rows without
     * a new version.
     */
    public boolean isSaidByItsVersion() {
        return runs.stream().noneMatch(run -> run.isApplicationExpected() || run.isCauseExpected());
    }

    /** Whether it has been waiting, or running, longer than it may. */
    public boolean isOverdue(Instant now) {
        Deadline deadline = Deadline.of(this);
        return deadline != null && deadline.isOver(now);
    }

    /** Whether it was taken back from the cluster, and goes there again before all others. */
    public boolean keepsItsTurn() {
        return keptTurnAt != null;
    }

    Run requireRun() {
        return currentRun().orElseThrow(() -> new IllegalStateException("job " + id() + " has no run " + attempt));
    }

    /** Of the current attempt, whether it was intended yet or not. */
    public SubmissionKey submissionKey() {
        return Run.key(id(), attempt, withdrawals);
    }

    /** The run of the current attempt; none before its first intent, and none while one that was taken back waits to be sent again. */
    public Optional<Run> currentRun() {
        return all().ofAttempt(attempt);
    }

    /** Its runs, looked at as a whole. */
    public RunList all() {
        return new RunList(runs);
    }

    public JobState state() {
        return state;
    }

    public Optional<Reason> reason() {
        return Optional.ofNullable(Reason.of(reasonCode, reasonMessage));
    }

    public int attempt() {
        return attempt;
    }

    /** When the upload was last known to be under way. */
    public Instant heartbeatAt() {
        return heartbeatAt;
    }

    /** When it was first durable; {@code null} while RECEIVING. */
    public @Nullable Instant queuedAt() {
        return queuedAt;
    }

    public @Nullable Instant startedAt() {
        return startedAt;
    }

    public @Nullable Instant endedAt() {
        return endedAt;
    }

    /** One for each attempt that was started. */
    public List<Run> runs() {
        return all().kept();
    }

    public boolean isStopRequested() {
        return stop != null;
    }

    /** Who wants the job to end, and why; {@code null} when nobody does. */
    public @Nullable StopRequest stopRequest() {
        return stop;
    }

    /** Until when it may wait in the queue; {@code null} for ever. */
    @Nullable
    Instant queueDeadlineAt() {
        return queueDeadlineAt;
    }

    /** As it hangs on the session, to be loaded for several jobs at once. */
    List<Run> runList() {
        return runs;
    }
}
