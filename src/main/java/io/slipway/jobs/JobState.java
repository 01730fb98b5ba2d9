package io.slipway.jobs;

import java.util.EnumSet;
import java.util.Set;

/** Where the story of a job stands. {@link #next()} is the whole relation of which state may follow which. */
public enum JobState {
    /** The upload is being stored; nobody was answered 202 yet. */
    RECEIVING,
    /** Durable; waits for a slot of its cluster. */
    QUEUED,
    /** The intent to start is written; the cluster's answer is not known. */
    SUBMITTING,
    /** The cluster has the run and has not started it. */
    PENDING,
    /** The cluster says that it runs. */
    RUNNING,
    /** Ended as the project wished: exit status 0. */
    SUCCEEDED,
    /** Ended otherwise; the reason says how. */
    FAILED,
    /** Ended because somebody asked for it. */
    CANCELLED;

    /** The states that may follow this one. A run that failed with attempts left puts its job back to QUEUED. */
    public Set<JobState> next() {
        return switch (this) {
            case RECEIVING -> EnumSet.of(QUEUED, FAILED);
            case QUEUED -> EnumSet.of(SUBMITTING, CANCELLED, FAILED);
            case SUBMITTING -> EnumSet.of(QUEUED, PENDING, RUNNING, SUCCEEDED, FAILED, CANCELLED);
            case PENDING -> EnumSet.of(QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED);
            case RUNNING -> EnumSet.of(QUEUED, SUCCEEDED, FAILED, CANCELLED);
            case SUCCEEDED, FAILED, CANCELLED -> EnumSet.noneOf(JobState.class);
        };
    }

    public boolean isTerminal() {
        return next().isEmpty();
    }

    /** All but the ends. */
    public static Set<JobState> notEnded() {
        return EnumSet.complementOf(EnumSet.of(SUCCEEDED, FAILED, CANCELLED));
    }

    /** Those of jobs that were answered 202 and have not ended. */
    public static Set<JobState> live() {
        return EnumSet.of(QUEUED, SUBMITTING, PENDING, RUNNING);
    }

    /** Those in which a cluster may know of a run. */
    public static Set<JobState> onCluster() {
        return EnumSet.of(SUBMITTING, PENDING, RUNNING);
    }

    /** Whether a cluster may know of a run of this job. */
    public boolean isOnCluster() {
        return onCluster().contains(this);
    }
}
