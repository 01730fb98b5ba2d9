package io.slipway.jobs;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;

/** The traceback with which the program of a run ended; apart from the run, whose lists have no use for it. */
@Entity
class RunTraceback {

    @Id
    @Column(name = "submission_key")
    private String submissionKey;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "submission_key", insertable = false, updatable = false)
    private Run run;

    private String lines;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected RunTraceback() {}

    RunTraceback(Run run, String lines) {
        this.submissionKey = run.submissionKey().value();
        this.run = run;
        this.lines = lines;
    }

    String lines() {
        return lines;
    }
}
