package io.slipway.submission;

import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.Owner;
import io.slipway.project.WorkFolder;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;

/** Runs an earlier job again, just as it was: its project, its spec, and the values of its environment that nobody can read. */
@Component
public class RunAgain {

    private final Incoming incoming;
    private final StoredProjects stored;
    private final Inspections inspections;
    private final SubmissionValidator validator;
    private final Acceptance acceptance;
    private final Quotas quotas;

    RunAgain(
            Incoming incoming,
            StoredProjects stored,
            Inspections inspections,
            SubmissionValidator validator,
            Acceptance acceptance,
            Quotas quotas) {
        this.incoming = incoming;
        this.stored = stored;
        this.inspections = inspections;
        this.validator = validator;
        this.acceptance = acceptance;
        this.quotas = quotas;
    }

    /**
     * For the job's own owner alone.
     *
     * @param idempotencyKey repeating it never makes a second job
     * @throws UnknownReference when the owner has no such job, or its project or its cluster is gone
     * @throws io.slipway.project.InvalidProject when the cluster refuses by now what the job asks for
     * @throws QuotaExceeded when the owner has, or sends, as much as is allowed
     * @throws StorageUnavailable when the project could not be fetched or stored; the request may be repeated
     */
    public Submitted of(Owner owner, JobId jobId, String idempotencyKey) {
        quotas.take(owner, idempotencyKey);
        ProjectSource source = new ProjectSource.OfJob(jobId);
        Job earlier = stored.earlier(owner, source).orElseThrow();
        try (WorkFolder work = incoming.newWork();
                ProjectArchive project = inspections.stored(stored.fetch(owner, source, work), List.of(), work)) {
            ValidatedSubmission checked = validator.again(earlier, project, idempotencyKey);
            checked.refuseProblems();
            return acceptance.accept(checked);
        } catch (IOException failure) {
            throw new StorageUnavailable("The project could not be read or written on the service's disk.", failure);
        }
    }
}
