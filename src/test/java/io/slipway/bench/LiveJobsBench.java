package io.slipway.bench;

import io.slipway.bench.LiveJobs.Measured;
import io.slipway.bench.LiveJobs.News;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How many live jobs the default quota of an AWS account allows, and how far the table is behind EMR: {@code mvn -q test
 * -Pbench -Dtest=LiveJobsBench}. It takes some minutes for hours of virtual time. A row is the largest number that was tried at which the
 * table was never more than 30 seconds behind, or, where there is none, the smallest.
 */
@Tag("bench")
class LiveJobsBench extends LiveJobsContext {

    private static final Duration MEAN_RUN = Duration.ofMinutes(10);
    private static final Duration SETTLE = Duration.ofMinutes(3);
    private static final Duration MEASURE = Duration.ofMinutes(5);
    private static final Duration FRESH = Duration.ofSeconds(30);

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void printsATable() throws IOException {
        System.out.printf("Mean run %d min; %s%n", MEAN_RUN.toMinutes(), "the default quota of one account");
        System.out.println(
                "| clusters | news by | live jobs | not looked at for | EMR ahead of the table, max (p50 / p99 of ends)"
                        + " | calls per 1,000 finished | one DescribeStep each |");
        System.out.println("|---|---|---|---|---|---|---|");
        row(1, News.POLLING, 128, 256);
        row(3, News.POLLING, 96, 144, 192);
        row(12, News.POLLING, 240);
        row(100, News.POLLING, 1000);
        row(1, News.EVENTS, 256);
        row(3, News.EVENTS, 192, 384, 576, 768);
        row(12, News.EVENTS, 96, 192, 384);
        row(100, News.EVENTS, 100, 200, 400);
        row(1, News.DRIVERS, 256);
        row(3, News.DRIVERS, 384, 768);
        row(12, News.DRIVERS, 384, 768);
        row(100, News.DRIVERS, 400, 1000);
    }

    /** Of runs as long as most are, by what their drivers tell alone: each row over a thousand ends at least. */
    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void printsHourlyRuns() throws IOException {
        System.out.println("Mean run 60 min; news by drivers alone; the default quota of one account");
        System.out.println(
                "| clusters | live jobs | ends | program's end to the job, p50 / p99 | EMR's end to our row, p50 / p99 / max"
                        + " | calls per 1,000 finished | S3 requests of the service per job-hour | dollars"
                        + " | leader, of one core |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (String row :
                System.getProperty("rows", "1:256 3:768 12:3000 100:10000").split(" ")) {
            hourly(Integer.parseInt(row.split(":")[0]), Integer.parseInt(row.split(":")[1]));
        }
    }

    private void hourly(int clusters, int level) throws IOException {
        Duration meanRun = Duration.ofHours(1);
        // A few more than a thousand: that many is the mean.
        Duration measured =
                meanRun.multipliedBy(Integer.getInteger("ends", 1_100)).dividedBy(level);
        try (LiveJobs jobs = start(clusters, News.DRIVERS, meanRun)) {
            jobs.hold(level, Duration.ofMinutes(10));
            Measured row = jobs.hold(level, measured);
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %,d | %,d | %d / %d s | %d / %d / %d s | %,d | %.2f | %.6f | %.1f %% |%n  EMR %s, S3 %s, not ok %s%n",
                    clusters,
                    level,
                    row.finished(),
                    row.programs().quantile(0.5).toSeconds(),
                    row.programs().quantile(0.99).toSeconds(),
                    row.behind().quantile(0.5).toSeconds(),
                    row.behind().quantile(0.99).toSeconds(),
                    row.behind().quantile(1).toSeconds(),
                    row.callsPerThousand(),
                    row.toS3PerJobHour(),
                    row.dollarsPerJobHour(),
                    row.leaderPercent(),
                    row.calls(),
                    row.toS3(),
                    jobs.refusals());
        }
    }

    private void row(int clusters, News news, int... levels) throws IOException {
        Measured best = null;
        try (LiveJobs jobs = start(clusters, news, MEAN_RUN)) {
            for (int level : levels) {
                jobs.hold(level, SETTLE);
                Measured measured = jobs.hold(level, MEASURE);
                System.out.println("  tried: " + line(clusters, news, measured));
                boolean fresh = staleness(news, measured).compareTo(FRESH) < 0;
                best = best == null || fresh ? measured : best;
                if (!fresh) {
                    break;
                }
            }
            if (!jobs.refusals().isEmpty()) {
                System.out.println("  not ok: " + jobs.refusals());
            }
        }
        System.out.println(line(clusters, news, best));
    }

    /** By polling a run may have changed ever since it was looked at; with events only what was told of and not looked at is stale. */
    private static Duration staleness(News news, Measured measured) {
        return news != News.POLLING
                ? measured.behind().longest()
                : Duration.ofMillis(Math.round(measured.stalest() * 1000));
    }

    private static String line(int clusters, News news, Measured measured) {
        return "| %d | %s | %,d | %.0f s | %d s (%d / %d s) | %,d | %,d | %s"
                .formatted(
                        clusters,
                        news.name().toLowerCase(Locale.ROOT),
                        measured.live(),
                        measured.stalest(),
                        measured.behind().longest().toSeconds(),
                        measured.behind().quantile(0.5).toSeconds(),
                        measured.behind().quantile(0.99).toSeconds(),
                        measured.callsPerThousand(),
                        measured.callsPerThousandOneByOne(),
                        measured.calls());
    }
}
