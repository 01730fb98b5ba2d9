package io.slipway.jobs;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Somebody, or a deadline, wants the job to end; the cluster has to be told and to say so. */
@Embeddable
public class StopRequest {

    @Column(name = "stop_requested_at")
    private Instant at;

    @Convert(converter = ReasonCodeColumn.class)
    @Column(name = "stop_code")
    private Reason.Code code;

    @Column(name = "stop_message")
    private String message;

    @Column(name = "stop_by")
    private @Nullable String by;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected StopRequest() {}

    StopRequest(Reason reason, String by, Instant at) {
        this.at = at;
        this.code = reason.code();
        this.message = reason.message();
        this.by = by;
    }

    public Reason reason() {
        return new Reason(code, message);
    }

    /** Rows of the first version do not say. */
    public String by() {
        return by == null ? Job.SLIPWAY : by;
    }

    public boolean isByUser() {
        return code == Reason.Code.CANCELLED_BY_USER;
    }
}
