package io.slipway.jobs.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.Cause;
import io.slipway.jobs.Explanation;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Owner;
import io.slipway.jobs.Reason;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunTraits;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.SubmissionKey;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** One order that nothing comes into late, on both kinds of database. */
abstract class EventFeedContract extends FeedPersistence {

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void anEventThatIsCommittedLateComesBehindWhatWasReadBefore() throws Exception {
        Job job = aJobOf(ann);
        feed.number();
        long start = feed.end();
        try (Connection slow = database.getConnection();
                Connection quick = database.getConnection()) {
            write(slow, job.id().value(), "began first");
            write(quick, job.id().value(), "began second");
            quick.commit();
            feed.number();
            FeedPage read = feed.after(start, FeedFilter.ofJob(job.id()), 10);
            assertThat(messages(read)).containsExactly("began second");
            slow.commit();
            feed.number();
            assertThat(messages(feed.after(read.position(), FeedFilter.ofJob(job.id()), 10)))
                    .containsExactly("began first");
            assertThat(messages(feed.after(read.position(), FeedFilter.ALL, 10)))
                    .contains("began first")
                    .doesNotContain("began second");
        }
    }

    @Test
    void aStoryEndsWithWhyItFailedHoweverLateItsLinesAreRead() {
        Job job = aJobOf(ann);
        Instant now = StoredJobs.NOW;
        String key = job.id() + "-1";
        transactions.apply(job.id(), fresh -> fresh.submitting(now, "test", null));
        transactions.apply(job.id(), fresh -> {
            Reason reason = new Reason(Reason.Code.RUN_FAILED, "The step failed.");
            fresh.observed(RunReport.failed(new SubmissionKey(key), "s-1", reason, now), RunTraits.NONE, now);
            fresh.aftermath(new SubmissionKey(key)).causeExpected(now);
        });
        feed.number();
        FeedEvent end = last(job);
        assertThat(end.endsTheStory()).isFalse();
        assertThat(end.awaitsCauseUntil()).isEqualTo(now.plus(Job.CAUSE_AWAITED));

        Cause cause = new Cause("KeyError", "'x'", "a.py", 3);
        Explanation told = new Explanation("KeyError: 'x'", cause, "Traceback …", 1, true);
        transactions.apply(
                job.id(), fresh -> fresh.aftermath(new SubmissionKey(key)).explained(told, now));
        FeedEvent readAgain = last(job);
        assertThat(readAgain.endsTheStory())
                .as("a line that has no place yet follows")
                .isFalse();
        feed.number();
        FeedEvent last = last(job);
        assertThat(last.endsTheStory()).isTrue();
        assertThat(last.change().kind()).isEqualTo(JobEvent.Kind.CAUSE);
        assertThat(last.change().data()).isEqualTo(new JobEvent.Data(1, cause, 1, null));
    }

    private FeedEvent last(Job job) {
        List<FeedEvent> all = feed.after(0, FeedFilter.ofJob(job.id()), 100).events();
        return all.get(all.size() - 1);
    }

    @Test
    void replicasThatNumberAtOnceGiveEachPositionOnce() throws Exception {
        Job job = aJobOf(ann);
        feed.number();
        long start = feed.end();
        for (int line = 0; line < 1200; line++) {
            written(job.id().value(), "line " + line);
        }
        ExecutorService replicas = Executors.newFixedThreadPool(3);
        List<Future<?>> all = new ArrayList<>();
        for (int replica = 0; replica < 3; replica++) {
            all.add(replicas.submit(feed::number));
        }
        for (Future<?> one : all) {
            one.get();
        }
        replicas.shutdown();
        FeedPage read = feed.after(start, FeedFilter.ofJob(job.id()), 2000);
        assertThat(read.events()).hasSize(1200);
        assertThat(read.events().stream().map(FeedEvent::position)).isSorted().doesNotHaveDuplicates();
        assertThat(messages(read)).startsWith("line 0", "line 1").endsWith("line 1199");
    }

    @Test
    void aPageGoesOnWhereTheLastOneEndedAndHasNothingOfOthers() throws Exception {
        Job mine = aJobOf(ann);
        Job other = aJobOf(bob);
        feed.number();
        long start = feed.end();
        for (int line = 0; line < 7; line++) {
            written(mine.id().value(), "mine " + line);
            written(other.id().value(), "other " + line);
        }
        feed.number();
        FeedFilter filter = new FeedFilter(null, ann, null, Set.of());
        FeedPage first = feed.after(start, filter, 5);
        assertThat(messages(first)).containsExactly("mine 0", "mine 1", "mine 2", "mine 3", "mine 4");
        assertThat(first.more()).isTrue();
        FeedPage second = feed.after(first.position(), filter, 5);
        assertThat(messages(second)).containsExactly("mine 5", "mine 6");
        assertThat(feed.after(second.position(), filter, 5).events()).isEmpty();
    }

    @Test
    void tellsOfEachChangeWhatItsJobIs() {
        Job job = aJobOf(ann);
        feed.number();
        List<FeedEvent> all = feed.after(0, FeedFilter.ofJob(job.id()), 10).events();
        assertThat(all).extracting(event -> event.change().to()).containsExactly(JobState.RECEIVING, JobState.QUEUED);
        assertThat(all.get(0).change().from()).isNull();
        assertThat(all.get(1).job())
                .isEqualTo(new FeedEvent.Subject(
                        job.id(), "squares", new Owner(ann), "local", job.version(), false, null));
        assertThat(all.get(1).endsTheStory()).isFalse();
    }

    @Test
    void filtersByStateAndCluster() {
        Job job = aJobOf(ann);
        feed.number();
        assertThat(feed.after(0, new FeedFilter(null, ann, "local", Set.of(JobState.QUEUED)), 10)
                        .events())
                .hasSize(1)
                .allMatch(event -> event.job().id().equals(job.id()));
        assertThat(feed.after(0, new FeedFilter(null, ann, "elsewhere", Set.of()), 10)
                        .events())
                .isEmpty();
    }

    @Test
    void goesOnFromWhatThereIsWhenThePlaceIsGone() throws Exception {
        Job gone = aJobOf(ann);
        Job kept = aJobOf(bob);
        feed.number();
        long start = feed.end();
        for (int line = 0; line < 20; line++) {
            written(gone.id().value(), "gone");
        }
        written(kept.id().value(), "kept");
        feed.number();
        jdbc.update("delete from job_event where job_id = ?", gone.id().value());
        assertThat(messages(feed.after(start + 3, FeedFilter.ALL, 1))).containsExactly("kept");
        assertThat(feed.after(feed.end() + 1000, FeedFilter.ALL, 10))
                .isEqualTo(new FeedPage(List.of(), feed.end(), false));
    }

    @Test
    void knowsWhetherAJobHasMoreNumberedOrNot() throws Exception {
        Job job = aJobOf(ann);
        assertThat(feed.hasMoreOf(job.id(), feed.end())).isTrue();
        feed.number();
        assertThat(feed.hasMoreOf(job.id(), feed.end())).isFalse();
        assertThat(feed.hasMoreOf(job.id(), 0)).isTrue();
        written(job.id().value(), "more");
        assertThat(feed.hasMoreOf(job.id(), feed.end())).isTrue();
    }

    static List<String> messages(FeedPage page) {
        return page.events().stream().map(event -> event.change().message()).toList();
    }
}
