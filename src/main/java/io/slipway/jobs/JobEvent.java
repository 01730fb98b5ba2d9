package io.slipway.jobs;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** One line of a job's history, written in the transaction of the change that it describes. */
@Entity
public class JobEvent {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "job_id")
    private Job job;

    private Instant at;

    @Enumerated(EnumType.STRING)
    private @Nullable JobState fromState;

    @Enumerated(EnumType.STRING)
    private JobState toState;

    @Convert(converter = ReasonCodeColumn.class)
    private Reason.@Nullable Code reasonCode;

    private @Nullable String message;

    @Column(name = "changed_by")
    private String by;

    /** {@code null} where the two states say it all. */
    @Enumerated(EnumType.STRING)
    private @Nullable Kind kind;

    @Convert(converter = EventDataColumn.class)
    private @Nullable Data data;

    /** Given after the commit: see {@code feed}. */
    @Column(name = "feed_position", insertable = false, updatable = false)
    private @Nullable Long position;

    /** What a line is about. */
    public enum Kind {
        /** The job is in another state. */
        STATE,
        /** What a log tells of why a run failed; {@link Data} has it in parts. */
        CAUSE,
        /** A wish, what the cluster said. */
        NOTE;

        /** @param stored {@code null} where the two states say it all */
        public static Kind of(@Nullable Kind stored, @Nullable JobState from, JobState to) {
            return stored != null ? stored : from == to ? NOTE : STATE;
        }
    }

    /**
     * The parts of what a line says.
     *
     * @param attempt the one that the job was in after the change, or that the cause is of
     * @param cause {@code null} when the program left no error that is known, and for every other kind than {@link Kind#CAUSE}
     * @param exitStatus of the program, as far as it is known
     * @param note {@code null} for every other kind than {@link Kind#NOTE}, and for notes in words of a cluster or of an earlier version
     */
    public record Data(
            int attempt,
            @Nullable Cause cause,
            @Nullable Integer exitStatus,
            @Nullable Note note) {

        public Data {
            // A later version may write notes that this one has no word for.
            note = note == null || note.what() == null ? null : note;
        }
    }

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected JobEvent() {}

    JobEvent(Job job, Instant at, @Nullable JobState from, JobState to, @Nullable Reason reason, String by) {
        this.job = job;
        this.at = at;
        this.fromState = from;
        this.toState = to;
        this.reasonCode = reason == null ? null : reason.code();
        this.message = reason == null ? null : reason.message();
        this.by = by;
        this.data = new Data(job.attempt(), null, null, null);
    }

    /**
     * A line that changes no state.
     *
     * @param reason of a wish; {@code null} for everything else
     */
    static JobEvent note(Job job, Instant at, Note note, @Nullable Reason reason, String by) {
        JobEvent event = new JobEvent(job, at, job.state(), job.state(), null, by);
        event.message = reason == null ? null : reason.message();
        event.data = new Data(job.attempt(), null, null, note);
        return event;
    }

    /** A line that changes no state, in the words of a cluster. */
    static JobEvent note(Job job, Instant at, String message, String by) {
        JobEvent event = new JobEvent(job, at, job.state(), job.state(), null, by);
        event.message = Reason.cut(message, Reason.LONGEST);
        return event;
    }

    static JobEvent note(Job job, Instant at, Reason reason, String by) {
        return new JobEvent(job, at, job.state(), job.state(), reason, by);
    }

    static JobEvent cause(Job job, Instant at, @Nullable String message, Run run) {
        JobEvent event = note(job, at, message == null ? "" : message, Job.SLIPWAY);
        event.kind = Kind.CAUSE;
        event.data = new Data(run.attempt(), run.cause(), run.exitStatus(), null);
        return event;
    }

    /** One that lies in the database. */
    static JobEvent of(ResultSet row) throws SQLException {
        String from = row.getString("from_state");
        String reason = row.getString("reason_code");
        String kind = row.getString("kind");
        JobEvent event = new JobEvent();
        event.position = row.getObject("feed_position", Long.class);
        event.at = row.getObject("at", OffsetDateTime.class).toInstant();
        event.fromState = from == null ? null : JobState.valueOf(from);
        event.toState = JobState.valueOf(row.getString("to_state"));
        event.reasonCode = reason == null ? null : Reason.Code.ofStored(reason);
        event.message = row.getString("message");
        event.by = row.getString("changed_by");
        event.kind = kind == null ? null : Kind.valueOf(kind);
        event.data = EventDataColumn.read(row.getString("data"));
        return event;
    }

    public Kind kind() {
        return Kind.of(kind, fromState, toState);
    }

    /** {@code null} for every other kind than {@link Kind#CAUSE}. */
    public @Nullable Data data() {
        return kind == Kind.CAUSE ? data : null;
    }

    /** What a line of kind {@link Kind#NOTE} is about; {@code null} when it is said in {@link #message} alone. */
    public @Nullable Note note() {
        return data == null ? null : data.note();
    }

    /** The attempt that the job was in after the change; 0 in lines of versions that did not write it. */
    public int attempt() {
        return data == null ? 0 : data.attempt();
    }

    /** Its position among the events of all jobs; {@code null} for a moment after the change. */
    public @Nullable Long position() {
        return position;
    }

    public Instant at() {
        return at;
    }

    public @Nullable JobState from() {
        return fromState;
    }

    public JobState to() {
        return toState;
    }

    public Reason.@Nullable Code reasonCode() {
        return reasonCode;
    }

    /** A reason, or what a cluster said; {@link #note} may have more to say. */
    public @Nullable String message() {
        return message;
    }

    /** {@code slipway} for the service itself, else the owner's name. */
    public String by() {
        return by;
    }
}
