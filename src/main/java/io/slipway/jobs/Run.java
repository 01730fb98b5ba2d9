package io.slipway.jobs;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt of a job. Only its job changes it. */
@Entity
public class Run {

    /** As long as a signed call may be on its way, and the step takes to end. */
    private static final Duration LATEST_WITHDRAWAL = Duration.ofMinutes(10);

    /** What was PENDING when we asked cannot have begun long before; and what runs longer is a program's own run. */
    private static final Duration JUST_BEGUN = Duration.ofMinutes(1);

    private static final int KILLED_BY_A_SIGNAL = 128;

    @Id
    @Column(name = "submission_key")
    private String submissionKey;

    /** The loop asks for it tens of thousands of times in a second. */
    private transient @Nullable SubmissionKey key;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "job_id")
    private Job job;

    private int attempt;

    /** Who wrote the intent: the replica's name, for people who read the table. */
    private String sender;

    private Instant intentAt;

    @Column(name = "place")
    private @Nullable String clusterId;

    private @Nullable String remoteId;

    private @Nullable Instant acceptedAt;

    private @Nullable Instant startedAt;

    private @Nullable Instant endedAt;

    private @Nullable Integer exitStatus;

    private @Nullable Instant cancelSentAt;

    /** When the cluster was first to be asked to give it back; {@code null} when nobody wanted that. */
    private @Nullable Instant withdrawAskedAt;

    /** Taken back from the cluster: its job goes on with another run of the same attempt. */
    private boolean withdrawn;

    /** When nothing needs the file any more that its launcher reads; {@code null} while that is not known, and when it is gone. */
    private @Nullable Instant launchDueAt;

    @Enumerated(EnumType.STRING)
    private Cleanup.@Nullable State cleanup;

    private @Nullable String cleanupKey;

    private @Nullable String applicationId;

    private boolean applicationHasDriver;

    /** When the application is looked for next; {@code null} when it is known, given up, or not to be expected. */
    private @Nullable Instant applicationDueAt;

    /** When somebody last waited for what needs the application. */
    private @Nullable Instant applicationWantedAt;

    @Embedded
    private @Nullable ProgramEnd programEnd;

    @Embedded
    private @Nullable Cause cause;

    /** When the logs are looked at next for why the run failed; {@code null} when nothing more is expected of them. */
    private @Nullable Instant causeDueAt;

    // A bag that is only ever added to, and never read through the run.
    @OneToMany(mappedBy = "run", cascade = CascadeType.PERSIST)
    private List<RunTraceback> tracebacks = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected Run() {}

    Run(Job job, int attempt, Instant now, String sender, @Nullable String clusterId) {
        this.submissionKey = job.submissionKey().value();
        this.job = job;
        this.attempt = attempt;
        this.intentAt = stored(now);
        this.sender = sender;
        this.clusterId = clusterId;
    }

    /**
     * Never one that the cluster has seen: a step that was taken back keeps its name for ever.
     *
     * @param withdrawals how many runs of this attempt were taken back
     */
    static SubmissionKey key(JobId jobId, int attempt, int withdrawals) {
        return new SubmissionKey(jobId + "-" + attempt + (withdrawals == 0 ? "" : "." + (withdrawals + 1)));
    }

    /** An intent is known again by its time, so it has no more digits than the databases keep. */
    private static Instant stored(Instant at) {
        return at.truncatedTo(ChronoUnit.MICROS);
    }

    /** One that was read from its row. */
    Run of(Job whole) {
        this.job = whole;
        return this;
    }

    public Job job() {
        return job;
    }

    public SubmissionKey submissionKey() {
        SubmissionKey known = key;
        if (known == null) {
            known = new SubmissionKey(submissionKey);
            key = known;
        }
        return known;
    }

    public int attempt() {
        return Math.abs(attempt);
    }

    public RunRef ref() {
        return new RunRef(submissionKey(), remoteId, intentAt, clusterId, application());
    }

    public Instant intentAt() {
        return intentAt;
    }

    public @Nullable String remoteId() {
        return remoteId;
    }

    public @Nullable Instant startedAt() {
        return startedAt;
    }

    public @Nullable Instant endedAt() {
        return endedAt;
    }

    public @Nullable Integer exitStatus() {
        return exitStatus;
    }

    /** {@code null} while it is not known. */
    public @Nullable Application application() {
        return applicationId == null ? null : new Application(applicationId, applicationHasDriver);
    }

    void applicationExpected(Instant due) {
        if (applicationId == null) {
            this.applicationDueAt = due;
        }
    }

    void applicationFound(Application found, Instant now) {
        this.applicationId = found.id();
        this.applicationHasDriver = found.hasDriver();
        this.applicationDueAt = null;
        if (causeDueAt != null) {
            // Now it is known where the logs are.
            this.causeDueAt = now;
        }
    }

    /** Whether its application is looked for. */
    public boolean isApplicationExpected() {
        return applicationDueAt != null;
    }

    /** When somebody last waited for what needs the application; {@code null} when nobody did. */
    public @Nullable Instant applicationWantedAt() {
        return applicationWantedAt;
    }

    /** How its program ended by its driver's own word; {@code null} while it has said nothing. */
    public @Nullable ProgramEnd programEnd() {
        return programEnd;
    }

    /** Whether that was news. The driver of a second attempt of the application speaks after that of the first. */
    boolean programEnded(ProgramEnd reported) {
        ProgramEnd known = programEnd;
        boolean isNews = known == null || reported.endedAt().isAfter(known.endedAt());
        if (isNews) {
            this.programEnd = reported;
        }
        return isNews;
    }

    /** Why its program failed; {@code null} while that is not known, or when it cannot be. */
    public @Nullable Cause cause() {
        return cause;
    }

    void causeExpected(Instant due) {
        this.causeDueAt = due;
    }

    /** Whether its logs may still tell more of its end than is known. */
    public boolean isCauseExpected() {
        return causeDueAt != null;
    }

    /** Whether that was news. What is known already stays as it is. */
    boolean explained(Explanation reported) {
        boolean isNews = false;
        if (cause == null && reported.cause() != null) {
            this.cause = reported.cause();
            if (reported.traceback() != null) {
                tracebacks.add(new RunTraceback(this, reported.traceback()));
            }
            isNews = true;
        }
        if (exitStatus == null && reported.exitStatus() != null) {
            this.exitStatus = reported.exitStatus();
            isNews = true;
        }
        if (reported.isComplete()) {
            this.causeDueAt = null;
        }
        return isNews;
    }

    /** Those that are not in the database yet, for who writes them there. */
    List<RunTraceback> takeTracebacks() {
        List<RunTraceback> fresh = List.copyOf(tracebacks);
        tracebacks.clear();
        return fresh;
    }

    /** Whether what the run may have left on its cluster has ended; {@code null} for a run that left nothing. */
    public Cleanup.@Nullable State cleanup() {
        return cleanup;
    }

    /** Whether it was still waiting for one. */
    boolean cleanupSent(SubmissionKey key) {
        boolean waits = cleanup == Cleanup.State.WAITING && cleanupKey == null;
        if (waits) {
            this.cleanupKey = key.value();
        }
        return waits;
    }

    void cleanup(Cleanup.State now, @Nullable SubmissionKey key) {
        this.cleanup = now;
        this.cleanupKey = key == null ? null : key.value();
    }

    void intended(Instant now, String by, @Nullable String where) {
        this.intentAt = stored(now);
        this.sender = by;
        this.clusterId = where;
    }

    /** Whether that was news. */
    boolean accepted(@Nullable String id, Instant now) {
        boolean news = acceptedAt == null || (id != null && !id.equals(remoteId));
        if (id != null) {
            this.remoteId = id;
        }
        if (acceptedAt == null) {
            this.acceptedAt = now;
        }
        return news;
    }

    void started(Instant at) {
        if (startedAt == null) {
            this.startedAt = at;
        }
    }

    void ended(Instant at, @Nullable Integer status) {
        this.endedAt = at;
        // What its driver told with the end stays where the cluster does not know it.
        this.exitStatus = status == null ? exitStatus : status;
    }

    /** Whether the cluster was asked to stop it because its job, or a deadline, wanted so. */
    public boolean isCancelSent() {
        return cancelSentAt != null;
    }

    boolean isWithdrawn() {
        return withdrawn;
    }

    /** The latest time counts: what ends long after it has another cause. */
    void withdrawAsked(Instant now) {
        this.withdrawAskedAt = now;
    }

    /** A replica of an older version, which knows no such runs, must not take it for the one under way: it has no attempt's number. */
    void withdrawn() {
        this.withdrawn = true;
        this.attempt = -attempt();
    }

    /** Whether the end that the cluster reports is our own doing: it follows soon after we asked. */
    boolean isWithdrawal(RunReport report, Instant now) {
        Instant asked = withdrawAskedAt;
        Instant end = report.endedAt() == null ? now : report.endedAt();
        return asked != null
                && end.isBefore(asked.plus(LATEST_WITHDRAWAL))
                && (report.phase() == RunReport.Phase.CANCELLED || isStoppedAsFailed(report, asked, end));
    }

    /**
     * EMR calls a step FAILED, too, that was stopped before it began or just as it did. A program that had been running, or left a status
     * of its own with the cluster or by its driver's word, has failed by itself.
     */
    private boolean isStoppedAsFailed(RunReport report, Instant asked, Instant end) {
        Reason reason = report.reason();
        if (report.phase() != RunReport.Phase.FAILED
                || reason == null
                || !reason.code().isTheProgramsOwn()) {
            return false;
        }
        Instant began = report.startedAt();
        boolean justBegan =
                began == null || (began.isAfter(asked.minus(JUST_BEGUN)) && end.isBefore(began.plus(JUST_BEGUN)));
        Integer told = programEnd == null ? null : programEnd.exitCode();
        Integer status = report.exitStatus() == null ? told : report.exitStatus();
        return justBegan && (status == null || status >= KILLED_BY_A_SIGNAL);
    }

    void launchDue(@Nullable Instant at) {
        this.launchDueAt = at;
    }

    void cancelSent(Instant now) {
        this.cancelSentAt = now;
    }

    /** A cluster that took the cancel may still lose it: it is sent again after this long. */
    boolean cancelIsDue(Instant now, Duration again) {
        return cancelSentAt == null || !now.isBefore(cancelSentAt.plus(again));
    }
}
