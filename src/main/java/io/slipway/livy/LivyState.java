package io.slipway.livy;

import io.slipway.jobs.Job;

/**
 * Livy's words for where a job stands, none but those that Airflow's hook knows: it takes {@code recovering} for a fault.
 */
final class LivyState {

    private LivyState() {}

    static String of(Job job) {
        return switch (job.state()) {
            case RECEIVING, QUEUED -> job.isStopRequested() ? "shutting_down" : "not_started";
            case SUBMITTING, PENDING -> job.isStopRequested() ? "shutting_down" : "starting";
            case RUNNING -> job.isStopRequested() ? "shutting_down" : "running";
            case SUCCEEDED -> "success";
            case FAILED -> "dead";
            case CANCELLED -> "killed";
        };
    }
}
