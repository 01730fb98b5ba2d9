package io.slipway.jobs;

import io.slipway.project.ArtifactId;
import io.slipway.project.Launch;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.OneToMany;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A project that somebody asked to run, and its story so far. Each change is a verb that checks whether it may happen now and writes
 * its line of history; the version column makes a writer who looked at an older story fail.
 */
@Entity
public class Job extends JobStanding {

    /** Who is named in the history when nobody asked. */
    public static final String SLIPWAY = "slipway";

    private static final Duration UNSENT_LAUNCH_KEPT = Duration.ofMinutes(10);

    private @Nullable String idempotencyKey;

    // A bag that is only ever added to: Hibernate then inserts without reading the history first.
    @OneToMany(mappedBy = "job", cascade = CascadeType.PERSIST)
    private List<JobEvent> events = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected Job() {}

    private Job(JobId id, NewJob wanted, Instant now) {
        super(id, wanted, now);
        this.idempotencyKey = wanted.idempotencyKey();
        events.add(new JobEvent(this, now, null, JobState.RECEIVING, null, owner().value()));
    }

    /**
     * The upload was checked and is about to be stored.
     *
     * @param id sorts by time of creation (a ULID)
     */
    public static Job receiving(JobId id, NewJob wanted, Instant now) {
        return new Job(id, wanted, now);
    }

    /**
     * The project is to be fetched from elsewhere. Who fetches it, and takes that up after somebody who died, gives no sign of life here.
     *
     * @param until when nobody will have fetched it any more
     */
    public static Job fetching(JobId id, NewJob wanted, Instant now, Instant until) {
        Job job = new Job(id, wanted, now);
        job.heartbeatAt = until;
        job.source().ifPresent(source -> job.note(Note.of(Note.What.FETCH_BEGUN).with("source", source.uri()), now));
        return job;
    }

    /** The project is here, and is about to be stored. May be repeated: what is fetched later counts. */
    public void fetched(NewJob wanted) {
        if (state != JobState.RECEIVING) {
            throw new IllegalJobChange(id(), state, JobState.QUEUED);
        }
        asks(wanted);
        this.need = need(wanted);
        changed();
    }

    /** There is no project, or none that can become a job; the idempotency key is free again. */
    public void sourceFailed(String why, Instant now) {
        if (state != JobState.RECEIVING) {
            throw new IllegalJobChange(id(), state, JobState.FAILED);
        }
        end(JobState.FAILED, new Reason(Reason.Code.SOURCE_FAILED, why), now, SLIPWAY);
        this.idempotencyKey = null;
    }

    /** The project is stored: from here on the job is never lost. */
    public void queued(Instant now) {
        if (state != JobState.RECEIVING) {
            // From the other states that QUEUED may follow, a job comes back by the end of a run alone.
            throw new IllegalJobChange(id(), state, JobState.QUEUED);
        }
        become(JobState.QUEUED, null, now, owner().value());
        this.queuedAt = now;
        Duration allowed = spec().limits().queueTimeout();
        this.queueDeadlineAt = allowed == null ? null : now.plus(allowed);
        if (stop != null) {
            end(JobState.CANCELLED, stop.reason(), now, stop.by());
        }
    }

    /** Its environment is not there yet: it stays in the queue and is not offered to its cluster. */
    public void environmentAwaited(String environmentId, Instant now) {
        requireNeed().awaits(environmentId, now);
        note(Note.of(Note.What.ENVIRONMENT_AWAITED).with("environment", environmentId), now);
    }

    /** The environment that it waited for was given up before it was there: another is looked for. */
    public void environmentGone(Instant now) {
        requireNeed().awaits(null, now);
        changes++;
    }

    /**
     * From here on it can go to its cluster.
     *
     * @param location how the cluster finds the environment, in a spec's words
     * @param artifactId under which the environment is stored; {@code null} where it is not in the store
     */
    public void environmentGiven(String location, @Nullable ArtifactId artifactId, Instant now) {
        requireNeed().given(location);
        needsArtifact(artifactId);
        note(Note.of(Note.What.ENVIRONMENT_READY), now);
    }

    /** The cluster's own Python has all that it requires: nothing is installed. */
    public void environmentSpared(Instant now) {
        requireNeed().none();
        note(Note.of(Note.What.REQUIREMENTS_THERE), now);
    }

    /**
     * What was found at its project's root is not installed, since nobody asked for it: it runs with what its cluster has.
     *
     * @param why in sentences, for people
     */
    public void environmentLeftOut(String why, Instant now) {
        Launch.Python python = spec().program().launch().python();
        if (!python.found()) {
            throw new IllegalStateException("job " + id() + " asked for what it requires");
        }
        requireNeed().none();
        note(
                Note.of(Note.What.REQUIREMENTS_LEFT_OUT)
                        .with("file", python.requirements())
                        .with("why", why),
                now);
    }

    /** The cluster that it would start on is none that its environment was built for: it waits for another one. */
    public void environmentOutlived(String environmentId, Instant now) {
        if (need == null || need.isAwaited() || state != JobState.QUEUED) {
            throw new IllegalJobChange(id(), state, JobState.QUEUED);
        }
        need.outlived();
        needsArtifact(null);
        note(Note.of(Note.What.ENVIRONMENT_OUTLIVED).with("environment", environmentId), now);
    }

    /** What it needs cannot be installed; no attempt was begun. */
    public void environmentFailed(String why, Instant now) {
        requireNeed();
        end(JobState.FAILED, new Reason(Reason.Code.ENVIRONMENT_FAILED, why), now, SLIPWAY);
    }

    private EnvironmentNeed requireNeed() {
        if (need == null || !need.isAwaited() || state != JobState.QUEUED) {
            throw new IllegalJobChange(id(), state, JobState.QUEUED);
        }
        return need;
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
     * @param clusterId as {@link RunRef#clusterId}
     */
    public void submitting(Instant now, String sender, @Nullable String clusterId) {
        become(JobState.SUBMITTING, null, now, SLIPWAY);
        // An attempt that was handed back to the queue before the cluster took it keeps its key.
        currentRun()
                .ifPresentOrElse(
                        run -> run.intended(now, sender, clusterId),
                        () -> runs.add(new Run(this, attempt, now, sender, clusterId)));
    }

    /** The cluster certainly did not take the run, and may later, unless somebody wants the job to end. */
    public void returnedToQueue(String why, Instant now) {
        if (stop != null) {
            neverBegan(now);
            end(stop.isByUser() ? JobState.CANCELLED : JobState.FAILED, stop.reason(), now, stop.by());
            return;
        }
        back(new Reason(Reason.Code.START_FAILED, why), now);
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
            write(JobEvent.note(this, now, note, SLIPWAY));
        }
    }

    /** What a cluster reported of the current run. Reports about anything else, or that tell nothing new, change nothing. */
    public void observed(RunReport report, RunTraits traits, Instant now) {
        if (!state.isOnCluster() || !requireRun().submissionKey().equals(report.submissionKey())) {
            return;
        }
        Run run = requireRun();
        switch (report.phase()) {
            case ABSENT -> {}
            case PENDING -> accepted(report.remoteId(), null, now);
            case RUNNING -> running(run, report, traits, now);
            case SUCCEEDED, FAILED, CANCELLED -> ended(run, report, AfterRun.of(this, run, report, traits, now), now);
        }
    }

    private void running(Run run, RunReport report, RunTraits traits, Instant now) {
        run.accepted(report.remoteId(), now);
        started(run, report.startedAt() == null ? now : report.startedAt());
        if (state != JobState.RUNNING) {
            become(JobState.RUNNING, null, now, SLIPWAY);
            this.keptTurnAt = null;
            if (traits.startsApplications()) {
                run.applicationExpected(now);
            }
        }
    }

    private void started(Run run, Instant at) {
        run.started(at);
        if (startedAt == null) {
            this.startedAt = at;
        }
    }

    private void ended(Run run, RunReport report, AfterRun after, Instant now) {
        run.accepted(report.remoteId(), now);
        if (report.startedAt() != null) {
            started(run, report.startedAt());
        }
        run.ended(report.endedAt() == null ? now : report.endedAt(), report.exitStatus());
        run.launchDue(run.cleanup() == Cleanup.State.WAITING ? null : after.launchDue());
        switch (after.next()) {
            case AGAIN -> tryAgain(after.reason(), now);
            case SENT_AGAIN -> withdrawn(run, report.startedAt() != null, now);
            case SUCCEEDED -> end(JobState.SUCCEEDED, null, now, SLIPWAY);
            case FAILED -> end(JobState.FAILED, after.reason(), now, SLIPWAY);
            case CANCELLED -> end(JobState.CANCELLED, after.reason(), now, stop == null ? SLIPWAY : stop.by());
        }
        aftermath(run.submissionKey()).follows(after, now);
    }

    private void tryAgain(@Nullable Reason reason, Instant now) {
        this.attempt++;
        back(reason, now);
        this.withdrawals = 0;
        this.keptTurnAt = null;
        this.stop = null;
    }

    /** It goes to the cluster again under another key: neither an attempt nor its turn in the queue is lost. */
    private void withdrawn(Run run, boolean begun, Instant now) {
        run.withdrawn();
        become(JobState.QUEUED, null, now, SLIPWAY);
        // Without a reason's code: an older replica that reads the history would not know it.
        note(Note.of(Note.What.WITHDRAWN).with("hadBegun", begun), now);
        this.withdrawals++;
        if (keptTurnAt == null) {
            this.keptTurnAt = run.intentAt();
        }
    }

    /** Somebody asks for the end of the job. It ends at once when no cluster can know of it, else when the cluster says so. */
    public void cancelRequested(String by, Instant now) {
        Reason reason = new Reason(Reason.Code.CANCELLED_BY_USER, "Cancelled by " + by + ".");
        if (state == JobState.QUEUED) {
            end(JobState.CANCELLED, reason, now, by);
        } else if (!state.isTerminal() && (stop == null || !stop.isByUser())) {
            wishToStop(reason, by, now);
        } else if (state.isTerminal() && state != JobState.CANCELLED) {
            throw new IllegalJobChange(id(), state, JobState.CANCELLED);
        }
    }

    /** One of the job's deadlines has passed. Nothing happens when it has not: another attempt may have begun since somebody looked. */
    public void expired(Instant now) {
        Deadline deadline = Deadline.of(this);
        if (deadline == null || !deadline.isOver(now)) {
            return;
        }
        if (state == JobState.QUEUED) {
            end(JobState.FAILED, deadline.reason(), now, SLIPWAY);
        } else if (stop == null) {
            wishToStop(deadline.reason(), SLIPWAY, now);
        }
    }

    private void wishToStop(Reason reason, String by, Instant now) {
        this.stop = new StopRequest(reason, by, now);
        write(JobEvent.note(this, now, Note.of(Note.What.STOP_REQUESTED), reason, by));
    }

    /** The cluster is about to be asked to give the run back before it begins. Committed first: the end that follows is our own doing. */
    public void withdrawAsked(RunRef run, Instant now) {
        if (state != JobState.PENDING || !isAt(run) || stop != null) {
            throw new IllegalJobChange(id(), state, JobState.QUEUED);
        }
        requireRun().withdrawAsked(now);
        changes++;
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

    /** What becomes known of one of the runs beside its end, also after the job has ended. */
    public Aftermath aftermath(SubmissionKey submissionKey) {
        return new Aftermath(this, all().find(submissionKey));
    }

    /** The words for a failure that have been found since. */
    void failedBecause(Run run, String sentence) {
        Reason.Code code = reasonCode;
        if (state == JobState.FAILED && run.attempt() == attempt && code != null && code.isTheProgramsOwn()) {
            this.reasonMessage = Reason.cut(sentence, Reason.LONGEST);
        }
    }

    void end(JobState to, @Nullable Reason reason, Instant now, String by) {
        if (state == JobState.QUEUED) {
            neverBegan(now);
            // Who is preparing a run just now, for the queue as it was, puts a file there after this.
            this.unsentLaunchDueAt = now.plus(UNSENT_LAUNCH_KEPT);
        }
        become(to, reason, now, by);
        this.endedAt = now;
        this.keptTurnAt = null;
    }

    /** To the queue; the reason is in the history alone, since the job goes on. */
    private void back(@Nullable Reason reason, Instant now) {
        become(JobState.QUEUED, reason, now, SLIPWAY);
        this.reasonCode = null;
        this.reasonMessage = null;
    }

    private void become(JobState to, @Nullable Reason reason, Instant now, String by) {
        if (!state.next().contains(to)) {
            throw new IllegalJobChange(id(), state, to);
        }
        write(new JobEvent(this, now, state, to, reason, by));
        this.state = to;
        this.reasonCode = reason == null ? null : reason.code();
        this.reasonMessage = reason == null ? null : reason.message();
    }

    void note(Note note, Instant now) {
        write(JobEvent.note(this, now, note, null, SLIPWAY));
    }

    void write(JobEvent line) {
        events.add(line);
        changes++;
    }

    /** The lines that are not in the database yet, for who writes them there. */
    List<JobEvent> takeEvents() {
        List<JobEvent> fresh = List.copyOf(events);
        events.clear();
        return fresh;
    }

    /** Something was written to one of its runs: the version moves, too. */
    void changed() {
        changes++;
    }
}
