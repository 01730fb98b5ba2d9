package io.slipway.livy;

import io.slipway.compute.LogStream;
import io.slipway.jobs.Job;
import io.slipway.logs.JobLogs;
import io.slipway.logs.LogPage;
import io.slipway.logs.LogsUnavailable;
import io.slipway.logs.UnknownLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/** A batch's log as Livy has it: both outputs, one behind the other, and why it ended. */
@Component
@ConditionalOnBooleanProperty("slipway.livy.enabled")
class BatchLog {

    private static final Logger log = LoggerFactory.getLogger(BatchLog.class);

    /** Of each output, the last ones: Airflow asks for a hundred lines at a time until it has them all. */
    static final int MOST = 1_000;

    /** Of each stream: the lines are kept in memory while they are sent, for many clients at once. */
    private static final int MOST_BYTES = 128 * 1024;

    private final JobLogs logs;

    BatchLog(JobLogs logs) {
        this.logs = logs;
    }

    List<String> lines(Job job) {
        List<String> lines = new ArrayList<>(List.of("stdout: "));
        lines.addAll(last(job, "stdout"));
        lines.add("\nstderr: ");
        lines.addAll(last(job, "stderr"));
        lines.add("\nYARN Diagnostics: ");
        job.reason().ifPresent(reason -> lines.add(String.valueOf(reason.message())));
        return lines;
    }

    /** What cannot be read now is no reason to fail for somebody who only looks. */
    private List<String> last(Job job, String name) {
        LogStream stream = logs.named(job, name);
        try (LogPage page = logs.tail(job, OptionalInt.empty(), stream, MOST, MOST_BYTES)) {
            return new String(page.body().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (UnknownLog none) {
            return List.of();
        } catch (LogsUnavailable | IOException away) {
            log.debug("The log {} of job {} is left out: {}", name, job.id(), away.toString());
            return List.of("(cannot be read now; ask again)");
        }
    }
}
