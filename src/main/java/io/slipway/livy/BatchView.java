package io.slipway.livy;

import io.slipway.jobs.Application;
import io.slipway.jobs.Job;
import io.slipway.jobs.Run;
import io.slipway.livy.Batches.Batch;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A batch as Livy shows it. Every field is always there: clients read {@code appId} without asking whether it is.
 *
 * @param log at most the last ten lines of why it ended, where that is known; its output is at {@code /log}, since reading it asks others
 *     than our database
 */
record BatchView(
        int id,
        String name,
        String owner,
        @Nullable String proxyUser,
        String state,
        @Nullable String appId,
        AppInfo appInfo,
        List<String> log) {

    /**
     * @param driverLogUrl page of its output; {@code null} before it was started
     * @param sparkUiUrl page of Spark, of a cluster that keeps one
     * @param executorLogUrls always {@code null}: the driver's page leads to them
     */
    record AppInfo(
            @Nullable String driverLogUrl,
            @Nullable String sparkUiUrl,
            @Nullable String executorLogUrls) {}

    private static final int MOST_LINES = 10;

    /** @param traceback with which its last run ended; {@code null} where none is known, or nobody asked for it */
    static BatchView of(Batch batch, Job job, AppInfo links, @Nullable String traceback) {
        return new BatchView(
                batch.id(),
                job.name(),
                job.owner().value(),
                batch.proxyUser(),
                LivyState.of(job),
                job.all().last().map(Run::application).map(Application::id).orElse(null),
                links,
                log(job, traceback));
    }

    private static List<String> log(Job job, @Nullable String traceback) {
        List<String> lines = Stream.concat(
                        traceback == null ? Stream.of() : traceback.lines(),
                        job.reason().map(reason -> String.valueOf(reason.message())).stream())
                .toList();
        return lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
    }
}
