package io.slipway.control;

import io.slipway.access.Caller;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.UnknownJob;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds jobs for a caller. Somebody else's job is answered as if there were none: ids are no secrets, and are not to be probed. */
@Component
public class CallersJobs {

    private final Jobs jobs;

    CallersJobs(Jobs jobs) {
        this.jobs = jobs;
    }

    /**
     * @param id as the caller wrote it
     * @throws UnknownJob when there is no such job, or the caller may not see it
     */
    public Job readable(Caller caller, String id) {
        return ifReadable(caller, id).orElseThrow(() -> new UnknownJob(id));
    }

    public Optional<Job> ifReadable(Caller caller, String id) {
        return found(id).filter(job -> caller.sees(job.owner().value()));
    }

    /**
     * For what only a job's owner may do: to have its project, or to run it again. An operator may not do so for its owner.
     *
     * @throws UnknownJob when there is no such job, or it is somebody else's
     */
    public Job own(Caller caller, String id) {
        return found(id).filter(job -> caller.owns(job.owner().value())).orElseThrow(() -> new UnknownJob(id));
    }

    private Optional<Job> found(String id) {
        return JobId.parse(id).flatMap(jobs::findById);
    }
}
