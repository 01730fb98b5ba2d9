package io.slipway.submission;

import io.slipway.jobs.JobId;
import io.slipway.project.archive.LeftOut;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What of each job's upload did not become part of its project. It is written with the job, since the stored project cannot say it: the
 * same project comes out of different uploads.
 */
@Component
class LeftOutFiles {

    /** So many of a job's are kept; the last of them then says how many more there were. */
    static final int MOST = 200;

    private static final TypeReference<List<LeftOut>> LIST = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient database;

    LeftOutFiles(JdbcClient database) {
        this.database = database;
    }

    /** In the transaction that inserts the job. */
    void record(JobId jobId, List<LeftOut> leftOut) {
        if (leftOut.isEmpty()) {
            return;
        }
        database.sql("insert into job_left_out (job_id, files) values (?, ?)")
                .params(jobId.value(), JSON.writeValueAsString(capped(leftOut)))
                .update();
    }

    /** In the transaction that changes the job, which may have some already. */
    void replace(JobId jobId, List<LeftOut> leftOut) {
        database.sql("delete from job_left_out where job_id = ?")
                .param(jobId.value())
                .update();
        record(jobId, leftOut);
    }

    static List<LeftOut> read(String json) {
        return JSON.readValue(json, LIST);
    }

    static List<LeftOut> capped(List<LeftOut> leftOut) {
        if (leftOut.size() <= MOST) {
            return leftOut;
        }
        List<LeftOut> first = new ArrayList<>(leftOut.subList(0, MOST - 1));
        int rest = leftOut.subList(MOST - 1, leftOut.size()).stream()
                .mapToInt(LeftOut::files)
                .sum();
        first.add(new LeftOut("…", LeftOut.Reason.MORE, rest));
        return first;
    }

    /** Sorted by path; empty for a job of a version that did not write it. */
    List<LeftOut> of(JobId jobId) {
        return database.sql("select files from job_left_out where job_id = ?")
                .param(jobId.value())
                .query(String.class)
                .optional()
                .map(LeftOutFiles::read)
                .orElse(List.of());
    }
}
