package io.slipway.jobs;

import io.slipway.project.JobSpec;
import io.slipway.project.LaunchPlan;
import jakarta.persistence.CascadeType;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A project that somebody asked to run, and its story so far. Each change is a verb that checks whether it may happen now and writes
 * its line of history; the version column makes a writer who looked at an older story fail.
 */
@Entity
public class Job {

    /** Logs come some minutes after the end, if they come. */
    public static final Duration CAUSE_AWAITED = Duration.ofMinutes(10);

    /** Who is named in the history when nobody asked. */
    public static final String SLIPWAY = "slipway";

    @Id
    private String id;

    @Version
    private @Nullable Long version;

    private String owner;
    private String name;
    private String cluster;

    @Column(name = "artifact_id")
    private String projectId;

    /** Of the packed environment that came with it. */
    private @Nullable String environmentId;

    @Convert(converter = JobSpecColumn.class)
    private JobSpec spec;

    private @Nullable String idempotencyKey;

    /** The job that this one was run again from, which may be gone. */
    private @Nullable String originId;

    /** Of the spec, where the queue can be ordered by it. */
    private int priority;

    /** SHA-256 over project and spec: tells whether a repeated key means the same job. */
    private String fingerprint;

    @Enumerated(EnumType.STRING)
    private JobState state;

    @Enumerated(EnumType.STRING)
    private Reason.@Nullable Code reasonCode;

    private @Nullable String reasonMessage;

    /** Counts what was written, runs and history included, so that each change moves the version. */
    private int changes;

    private int attempt;

    /** How many runs of this attempt were taken back from the cluster. */
    private int withdrawals;

    /** When it was first sent, if it was taken back: it goes before all that were not. */
    private @Nullable Instant keptPlaceAt;

    private Instant createdAt;
    private Instant heartbeatAt;
    private @Nullable Instant queuedAt;
    private @Nullable Instant queueDeadlineAt;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;

    private @Nullable Instant stopRequestedAt;

    @Enumerated(EnumType.STRING)
    private Reason.@Nullable Code stopCode;

    private @Nullable String stopMessage;
    private @Nullable String stopBy;

    @ElementCollection
    @CollectionTable(name = "job_label", joinColumns = @JoinColumn(name = "job_id"))
    @MapKeyColumn(name = "label_key")
    @Column(name = "label_value")
    private Map<String, String> labels = new HashMap<>();

    @OneToMany(mappedBy = "job", cascade = CascadeType.PERSIST)
    @OrderBy("attempt")
    private List<Run> runs = new ArrayList<>();

    // A bag that is only ever added to: Hibernate then inserts without reading the history first.
    @OneToMany(mappedBy = "job", cascade = CascadeType.PERSIST)
    private List<JobEvent> events = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected Job() {}

    private Job(String id, NewJob wanted, Instant now) {
        this.id = id;
        this.owner = wanted.owner();
        this.name = wanted.name();
        this.cluster = wanted.cluster();
        this.projectId = wanted.projectId();
        this.environmentId =
                wanted.spec().program().launch().python().storedEnvironment().orElse(null);
        this.spec = wanted.spec();
        this.priority = wanted.spec().limits().priority();
        this.idempotencyKey = wanted.idempotencyKey();
        this.fingerprint = wanted.fingerprint();
        this.originId = wanted.origin();
        this.labels.putAll(wanted.spec().labels());
        this.attempt = 1;
        this.createdAt = now;
        this.heartbeatAt = now;
        this.state = JobState.RECEIVING;
        events.add(new JobEvent(this, now, null, JobState.RECEIVING, null, owner));
    }

    /**
     * The upload was checked and is about to be stored.
     *
     * @param id sorts by time of creation (a ULID)
     */
    public static Job receiving(String id, NewJob wanted, Instant now) {
        return new Job(id, wanted, now);
    }

    /** The project is stored: from here on the job is never lost. */
    public void queued(Instant now) {
        if (state != JobState.RECEIVING) {
            // From the other states that QUEUED may follow, a job comes back by tryAgain or returnedToQueue alone.
            throw new IllegalJobChange(id, state, JobState.QUEUED);
        }
        become(JobState.QUEUED, null, now, owner);
        this.queuedAt = now;
        Duration allowed = spec.limits().queueTimeout();
        this.queueDeadlineAt = allowed == null ? null : now.plus(allowed);
        if (isStopRequested()) {
            end(JobState.CANCELLED, requireStop(), now, stopBy == null ? SLIPWAY : stopBy);
        }
    }

    /** Nobody stores the project any more; the idempotency key is free again. */
    public void uploadInterrupted(Instant now) {
        end(
                JobState.FAILED,
                new Reason(
                        Reason.Code.UPLOAD_INTERRUPTED,
                        "The upload was not stored before its client or the service went away. Send it again."),
                now,
                SLIPWAY);
        this.idempotencyKey = null;
    }

    /**
     * The intent to start a run, committed before the cluster is called.
     *
     * @param place as {@link RunRef#place}
     */
    public void submitting(Instant now, String sender, @Nullable String place) {
        become(JobState.SUBMITTING, null, now, SLIPWAY);
        // An attempt that was handed back to the queue before the cluster took it keeps its key.
        currentRun()
                .ifPresentOrElse(
                        run -> run.intended(now, sender, place),
                        () -> runs.add(new Run(this, attempt, now, sender, place)));
    }

    /** The cluster certainly did not take the run, and may later, unless somebody wants the job to end. */
    public void returnedToQueue(String why, Instant now) {
        if (isStopRequested()) {
            stoppedBeforeStart(now);
            return;
        }
        become(JobState.QUEUED, new Reason(Reason.Code.START_FAILED, why), now, SLIPWAY);
        clearReason();
    }

    /** The cluster certainly will not take the run. */
    public void rejected(Reason reason, Instant now) {
        neverBegan(now);
        end(JobState.FAILED, reason, now, SLIPWAY);
    }

    private void neverBegan(Instant now) {
        currentRun().ifPresent(run -> {
            run.ended(now, null);
            run.launchDue(now);
        });
    }

    /** The cluster has the run. A fact: it holds whatever else was written meanwhile, and means nothing once the job has ended. */
    public void accepted(@Nullable String remoteId, @Nullable String note, Instant now) {
        if (!state.isOnCluster()) {
            return;
        }
        if (requireRun().accepted(remoteId, now)) {
            changes++;
        }
        if (state == JobState.SUBMITTING) {
            become(JobState.PENDING, null, now, SLIPWAY);
        }
        if (note != null) {
            note(note, SLIPWAY, now);
        }
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

    /**
     * The run has ended, and what it had started on the cluster may still go on; a cleanup step is to end it.
     *
     * @param before how many runs of others that step has to wait for
     */
    public void leftSomething(String submissionKey, int before, Instant now) {
        Run run = run(submissionKey);
        run.cleanup(Cleanup.State.WAITING, null);
        run.launchDue(null);
        String message = state == JobState.QUEUED
                ? "It is started again when a cleanup step has made sure that nothing of this run still runs."
                : "Its application may still run on the cluster; a cleanup step is to end it.";
        note(
                before == 0
                        ? message
                        : message + " It has to wait for " + before + (before == 1 ? " step" : " steps")
                                + " of others: Slipway takes back nothing but its own.",
                SLIPWAY,
                now);
    }

    /** The cluster is about to be asked to give the run back before it begins. Committed first: the end that follows is our own doing. */
    public void withdrawAsked(RunRef run, Instant now) {
        if (state != JobState.PENDING || !isAt(run) || isStopRequested()) {
            throw new IllegalJobChange(id, state, JobState.QUEUED);
        }
        requireRun().withdrawAsked(now);
        changes++;
    }

    /** It goes to the cluster again under another key: neither an attempt nor its place in the queue is lost. */
    private void withdrawn(Run run, boolean begun, Instant now) {
        run.withdrawn();
        become(JobState.QUEUED, null, now, SLIPWAY);
        // Without a reason's code: an older replica that reads the history would not know it.
        note(
                begun
                        ? "It had just begun when it was taken back, so that a cleanup step could go first. It is sent again; no"
                                + " attempt is counted."
                        : "It was taken back before it began, so that a cleanup step could go first. It is sent again, before"
                                + " the jobs behind it.",
                SLIPWAY,
                now);
        this.withdrawals++;
        if (keptPlaceAt == null) {
            this.keptPlaceAt = run.intentAt();
        }
    }

    /** Whether it was taken back from the cluster, and goes there again before all others. */
    public boolean keepsItsPlace() {
        return keptPlaceAt != null;
    }

    /** The run has ended, what it had started on the cluster may still go on, and nobody ends it. */
    public void leftForGood(String submissionKey, Instant now) {
        run(submissionKey).launchDue(null);
        note("Its application may still run on the cluster; cleanup steps are turned off.", SLIPWAY, now);
        startNoOther(now);
    }

    /** What one of the runs had left was to be ended by a cleanup step, and none is sent any more. */
    public void cleanupGivenUp(String submissionKey, Instant now) {
        run(submissionKey).cleanup(Cleanup.State.FAILED, null);
        leftForGood(submissionKey, now);
    }

    /** The cleanup of one of the runs goes by a step of this key, unless another has gone meanwhile. */
    public void cleanupSent(String submissionKey, String cleanupKey) {
        if (run(submissionKey).cleanupSent(cleanupKey)) {
            changes++;
        }
    }

    /**
     * What one of the runs had left has ended, or could not be ended.
     *
     * @param failure why not; {@code null} when it has ended
     */
    public void cleanedUp(String submissionKey, String cleanupKey, @Nullable String failure, Instant now) {
        boolean done = failure == null;
        Run run = run(submissionKey);
        run.cleanup(done ? Cleanup.State.DONE : Cleanup.State.FAILED, cleanupKey);
        run.launchDue(done ? now : null);
        note(
                done
                        ? "What the run had left on the cluster has ended."
                        : "What the run may have left on the cluster could not be ended by step " + cleanupKey + ": "
                                + failure,
                SLIPWAY,
                now);
        if (!done) {
            startNoOther(now);
        }
    }

    private void startNoOther(Instant now) {
        if (state == JobState.QUEUED) {
            end(
                    JobState.FAILED,
                    new Reason(
                            Reason.Code.OUTCOME_UNKNOWN,
                            "Another attempt was not started: the application of the one before may still run."),
                    now,
                    SLIPWAY);
        }
    }

    /** Whether both run under the same role, or both under none of their own. */
    public boolean hasRoleOf(Job other) {
        return Objects.equals(
                spec.program().launch().executionRole(),
                other.spec.program().launch().executionRole());
    }

    /** What is known of the latest run that may have left something on its cluster. */
    public Optional<Cleanup.State> cleanup() {
        return runs.stream()
                .sorted(Comparator.comparing(Run::intentAt).reversed())
                .flatMap(run -> Stream.ofNullable(run.cleanup()))
                .findFirst();
    }

    /** What ended runs may still have running: the end of it is waited for, or could not be brought about. */
    public List<Leftover> leftovers() {
        return runs.stream()
                .filter(run -> run.endedAt() != null)
                .filter(run -> run.cleanup() == Cleanup.State.WAITING || run.cleanup() == Cleanup.State.FAILED)
                .map(Leftover::of)
                .toList();
    }

    /** One of the runs starts an application of its own on the cluster; where it is told may be read from then on. */
    public void applicationExpected(String submissionKey, Instant due) {
        run(submissionKey).applicationExpected(due);
        changes++;
    }

    /** What one of the runs started on the cluster. A fact, also after the job has ended. */
    public void applicationFound(String submissionKey, Application application, Instant now) {
        Run run = run(submissionKey);
        run.applicationFound(application, now);
        // A line, since readers see it on the run and wait for lines.
        note("Attempt " + run.attempt() + " is YARN application " + application.id() + ".", SLIPWAY, now);
    }

    /** The run failed, and its logs are to tell why; they may be read from then on. */
    public void causeExpected(String submissionKey, Instant due) {
        run(submissionKey).causeExpected(due);
        changes++;
    }

    /** What the logs of one of the runs tell of its end. A fact, also after the job has ended; told again, it changes nothing. */
    public void explained(String submissionKey, Explanation told, Instant now) {
        Run run = run(submissionKey);
        if (!run.isCauseExpected()) {
            return;
        }
        boolean isNews = run.explained(told);
        Cause cause = run.cause();
        // What was told first stays: a later look adds to it.
        String sentence = cause == null ? told.sentence() : cause.headline();
        if (isNews || (cause == null && sentence != null)) {
            if (sentence != null && isReasonOf(run)) {
                this.reasonMessage = Reason.cut(sentence, Reason.LONGEST);
            }
            events.add(JobEvent.cause(this, now, sentence, run));
            changes++;
        } else if (!run.isCauseExpected()) {
            // A line, since readers wait for it.
            note("The logs tell no more of why attempt " + run.attempt() + " failed.", SLIPWAY, now);
        }
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

    /** Whether the job failed as this run did. */
    private boolean isReasonOf(Run run) {
        return state == JobState.FAILED
                && run.attempt() == attempt
                && reasonCode != null
                && reasonCode.isTheProgramsOwn();
    }

    private Run run(String submissionKey) {
        return runs.stream()
                .filter(run -> run.submissionKey().equals(submissionKey))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("job " + id + " has no run " + submissionKey));
    }

    /**
     * A second run was met under the key of one of this job's; it is being stopped.
     *
     * @param leaves whether what it had started may go on
     * @param cleansUp whether a cleanup can end that. It goes by the key, which both runs have, so the right one has to end first.
     */
    public void duplicateFound(RunRef second, boolean leaves, boolean cleansUp, Instant now) {
        String key = second.submissionKey();
        String message = "The cluster has a second run of this job, " + second.remoteId() + ". It is being cancelled.";
        if (leaves) {
            message +=
                    " If it had started an application, that goes on under the same tag as the right one, " + key + "; "
                            + (cleansUp
                                    ? "a cleanup step is to end it when the right one has ended."
                                    : "cleanup steps are turned off, so somebody has to end it.");
        }
        if (leaves && cleansUp) {
            run(key).cleanup(Cleanup.State.WAITING, null);
        }
        events.add(JobEvent.note(this, now, new Reason(Reason.Code.DUPLICATE_STEP, message), SLIPWAY));
        changes++;
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

    /** What a cluster reported of the current run. Reports about anything else, or that tell nothing new, change nothing. */
    public void observed(RunReport report, Instant now) {
        if (!state.isOnCluster() || !requireRun().submissionKey().equals(report.submissionKey())) {
            return;
        }
        Run run = requireRun();
        switch (report.phase()) {
            case ABSENT -> {}
            case PENDING -> accepted(report.remoteId(), null, now);
            case RUNNING -> {
                run.accepted(report.remoteId(), now);
                running(run, report, now);
            }
            case SUCCEEDED -> {
                settle(run, report, now);
                end(JobState.SUCCEEDED, null, now, SLIPWAY);
            }
            case FAILED, CANCELLED -> {
                settle(run, report, now);
                endedOtherwise(report, now);
            }
        }
    }

    /** Somebody asks for the end of the job. It ends at once when no cluster can know of it, else when the cluster says so. */
    public void cancelRequested(String by, Instant now) {
        Reason reason = new Reason(Reason.Code.CANCELLED_BY_USER, "Cancelled by " + by + ".");
        if (state == JobState.QUEUED) {
            end(JobState.CANCELLED, reason, now, by);
        } else if (!state.isTerminal() && stopCode != Reason.Code.CANCELLED_BY_USER) {
            wishToStop(reason, by, now);
        } else if (state.isTerminal() && state != JobState.CANCELLED) {
            throw new IllegalJobChange(id, state, JobState.CANCELLED);
        }
    }

    /** The cluster certainly has no run, and somebody wants the job to end. */
    private void stoppedBeforeStart(Instant now) {
        neverBegan(now);
        Reason reason = requireStop();
        end(
                reason.code() == Reason.Code.CANCELLED_BY_USER ? JobState.CANCELLED : JobState.FAILED,
                reason,
                now,
                stopBy == null ? SLIPWAY : stopBy);
    }

    /** One of the job's deadlines has passed. Nothing happens when it has not: another attempt may have begun since somebody looked. */
    public void expired(Instant now) {
        if (!isOverdue(now)) {
            return;
        }
        Duration allowed = state == JobState.RUNNING
                ? spec.limits().timeout()
                : spec.limits().queueTimeout();
        Reason reason = state == JobState.RUNNING
                ? new Reason(Reason.Code.TIMED_OUT, "It ran longer than its timeout of " + allowed + ".")
                : new Reason(
                        Reason.Code.QUEUE_TIMED_OUT, "It did not start within its queueTimeout of " + allowed + ".");
        if (state == JobState.QUEUED) {
            end(JobState.FAILED, reason, now, SLIPWAY);
        } else if (state.isOnCluster() && stopRequestedAt == null) {
            wishToStop(reason, SLIPWAY, now);
        }
    }

    /** The cluster took the wish to cancel that run, which may be an earlier one by now. */
    public void cancelSent(RunRef run, Instant now) {
        if (isAt(run)) {
            requireRun().cancelSent(now);
            changes++;
        }
    }

    /** Nothing more can be learned about the job, or done for it. */
    public void failed(Reason reason, Instant now) {
        currentRun().filter(run -> run.endedAt() == null).ifPresent(run -> run.ended(now, null));
        end(JobState.FAILED, reason, now, SLIPWAY);
    }

    /** Whether it has been waiting, or running, longer than it may. */
    public boolean isOverdue(Instant now) {
        Duration allowed = spec.limits().timeout();
        Instant deadline = switch (state) {
            case QUEUED, PENDING -> attempt == 1 && startedAt == null ? queueDeadlineAt : null;
            case RUNNING ->
                allowed == null
                        ? null
                        : currentRun()
                                .map(Run::startedAt)
                                .map(at -> at.plus(allowed))
                                .orElse(null);
            case RECEIVING, SUBMITTING, SUCCEEDED, FAILED, CANCELLED -> null;
        };
        return deadline != null && !now.isBefore(deadline);
    }

    /** Whether the wish to stop should be sent to the cluster now. */
    public boolean isCancelDue(Instant now, Duration again) {
        return isStopRequested()
                && currentRun().filter(run -> run.cancelIsDue(now, again)).isPresent();
    }

    private void running(Run run, RunReport report, Instant now) {
        Instant at = report.startedAt() == null ? now : report.startedAt();
        run.started(at);
        if (state != JobState.RUNNING) {
            become(JobState.RUNNING, null, now, SLIPWAY);
            this.keptPlaceAt = null;
            if (startedAt == null) {
                this.startedAt = at;
            }
        }
    }

    private void settle(Run run, RunReport report, Instant now) {
        run.accepted(report.remoteId(), now);
        if (report.startedAt() != null) {
            run.started(report.startedAt());
            if (startedAt == null) {
                this.startedAt = report.startedAt();
            }
        }
        run.ended(report.endedAt() == null ? now : report.endedAt(), report.exitStatus());
        run.launchDue(run.cleanup() == Cleanup.State.WAITING ? null : launchDue(report, now));
    }

    /** What the launcher reads is kept as long as an application may need it; a failed step does not prove the end of its own. */
    private static @Nullable Instant launchDue(RunReport report, Instant now) {
        Reason reason = report.reason();
        if (reason != null && reason.code().isUnknown()) {
            return null;
        }
        boolean ended = report.phase() == RunReport.Phase.SUCCEEDED
                || report.startedAt() == null
                || (reason != null && reason.code() == Reason.Code.CLUSTER_GONE);
        return ended ? now : now.plus(Duration.ofDays(1));
    }

    /** The cluster's word on how it ended, read in the light of what we had asked it to do. */
    private void endedOtherwise(RunReport report, Instant now) {
        if (report.reason() != null && report.reason().code().needsAPerson()) {
            // Not even a wish to end it tells whether it has ended.
            end(JobState.FAILED, report.reason(), now, SLIPWAY);
            return;
        }
        if (!isStopRequested() && requireRun().isWithdrawal(report, now)) {
            withdrawn(requireRun(), report.startedAt() != null, now);
            return;
        }
        if (stopCode == Reason.Code.CANCELLED_BY_USER) {
            end(JobState.CANCELLED, requireStop(), now, stopBy == null ? SLIPWAY : stopBy);
            return;
        }
        Reason reason;
        if (stopRequestedAt != null) {
            reason = requireStop();
        } else if (report.reason() != null) {
            reason = report.reason();
        } else {
            reason = new Reason(
                    Reason.Code.CANCELLED_ON_CLUSTER, "The run was cancelled on the cluster, not by Slipway.");
        }
        boolean again = attempt < spec.limits().maxAttempts() && reason.code().mayRetry();
        if (again) {
            tryAgain(reason, now);
        } else {
            end(
                    stopRequestedAt == null && report.phase() == RunReport.Phase.CANCELLED
                            ? JobState.CANCELLED
                            : JobState.FAILED,
                    reason,
                    now,
                    SLIPWAY);
        }
    }

    private void tryAgain(Reason reason, Instant now) {
        become(JobState.QUEUED, reason, now, SLIPWAY);
        clearReason();
        this.attempt++;
        this.withdrawals = 0;
        this.keptPlaceAt = null;
        this.stopRequestedAt = null;
        this.stopCode = null;
        this.stopMessage = null;
        this.stopBy = null;
    }

    private void wishToStop(Reason reason, String by, Instant now) {
        this.stopRequestedAt = now;
        this.stopCode = reason.code();
        this.stopMessage = reason.message();
        this.stopBy = by;
        note(reason.message() + " It is being stopped.", by, now);
    }

    private void end(JobState to, @Nullable Reason reason, Instant now, String by) {
        if (state == JobState.QUEUED) {
            neverBegan(now);
        }
        become(to, reason, now, by);
        this.endedAt = now;
        this.keptPlaceAt = null;
    }

    private void become(JobState to, @Nullable Reason reason, Instant now, String by) {
        if (!state.next().contains(to)) {
            throw new IllegalJobChange(id, state, to);
        }
        events.add(new JobEvent(this, now, state, to, reason, by));
        changes++;
        this.state = to;
        this.reasonCode = reason == null ? null : reason.code();
        this.reasonMessage = reason == null ? null : reason.message();
    }

    private void note(String message, String by, Instant now) {
        events.add(JobEvent.note(this, now, message, by));
        changes++;
    }

    private void clearReason() {
        this.reasonCode = null;
        this.reasonMessage = null;
    }

    private Reason requireStop() {
        if (stopCode == null || stopMessage == null) {
            throw new IllegalStateException("nobody asked job " + id + " to stop");
        }
        return new Reason(stopCode, stopMessage);
    }

    private Run requireRun() {
        return currentRun().orElseThrow(() -> new IllegalStateException("job " + id + " has no run " + attempt));
    }

    /** Of the current attempt, whether it was intended yet or not. */
    public String submissionKey() {
        return Run.key(id, attempt, withdrawals);
    }

    /** The run of the current attempt; none before its first intent, and none while one that was taken back waits to be sent again. */
    public Optional<Run> currentRun() {
        return kept().filter(run -> run.attempt() == attempt).findFirst();
    }

    /** The last that was begun; not that of the current attempt while it waits. */
    public Optional<Run> lastRun() {
        return kept().max(Comparator.comparingInt(Run::attempt));
    }

    private Stream<Run> kept() {
        return runs.stream().filter(run -> !run.isWithdrawn());
    }

    /** What to start; the same for every attempt. */
    public LaunchPlan plan() {
        return LaunchPlan.of(projectId, spec);
    }

    public String id() {
        return id;
    }

    public long version() {
        return version == null ? 0 : version;
    }

    public String owner() {
        return owner;
    }

    public String name() {
        return name;
    }

    public String cluster() {
        return cluster;
    }

    public String projectId() {
        return projectId;
    }

    /** The job that this one was run again from. It may be gone. */
    public Optional<String> origin() {
        return Optional.ofNullable(originId);
    }

    public JobSpec spec() {
        return spec;
    }

    public String fingerprint() {
        return fingerprint;
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

    public Instant createdAt() {
        return createdAt;
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

    /** Whether somebody, or a deadline, wants the job to end. */
    public boolean isStopRequested() {
        return stopRequestedAt != null;
    }

    /** When that was asked for; {@code null} when nobody did. */
    public @Nullable Instant stopRequestedAt() {
        return stopRequestedAt;
    }

    /** One for each attempt that was started. */
    public List<Run> runs() {
        return kept().toList();
    }

    /** With those that the cluster gave back. */
    public List<Run> sentRuns() {
        return List.copyOf(runs);
    }

    /** As it hangs on the session, to be loaded for several jobs at once. */
    List<Run> runList() {
        return runs;
    }
}
