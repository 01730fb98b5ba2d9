package io.slipway.jobs;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A step that ends what stopped runs left running on their cluster. It is submitted like a run: its intent is committed first, and what
 * is not known to have been taken is looked for by its key. It is forgotten when it has ended: its runs know how.
 */
@Entity
public class Cleanup {

    private static final String PREFIX = "cleanup-";

    /** What people are told of a run that may have left something behind; nothing is claimed to be dead before DONE. */
    public enum State {
        WAITING,
        DONE,
        FAILED
    }

    @Id
    private String submissionKey;

    @Version
    private @Nullable Long version;

    private String cluster;
    private String sender;
    private Instant intentAt;

    @Column(name = "place")
    private @Nullable String clusterId;

    private @Nullable String remoteId;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected Cleanup() {}

    /**
     * @param id unique; at most 30 letters and digits
     * @param clusterId of the runs that it cleans up after
     */
    public Cleanup(String id, String cluster, @Nullable String clusterId, Instant now, String sender) {
        this.submissionKey = PREFIX + id;
        this.cluster = cluster;
        this.clusterId = clusterId;
        this.sender = sender;
        this.intentAt = now.truncatedTo(ChronoUnit.MICROS);
    }

    public static boolean isKey(SubmissionKey submissionKey) {
        return submissionKey.value().startsWith(PREFIX);
    }

    public RunRef ref() {
        return new RunRef(new SubmissionKey(submissionKey), remoteId, intentAt, clusterId, null);
    }

    public String cluster() {
        return cluster;
    }

    /** It is sent again under the same key: the cluster certainly does not have it. */
    public void intended(Instant now, String by) {
        this.intentAt = now.truncatedTo(ChronoUnit.MICROS);
        this.sender = by;
    }

    public void accepted(@Nullable String id) {
        if (remoteId == null) {
            this.remoteId = id;
        }
    }
}
