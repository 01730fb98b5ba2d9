package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.Job;
import io.slipway.jobs.JobFixtures;
import io.slipway.jobs.SubmissionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatheredLooksTest {

    private static final String CLUSTER = "analytics";

    /** Whatever began at the fixtures' time is known, or old, by then. */
    private static final Instant NOW = JobFixtures.NOW.plus(Duration.ofHours(1));

    private final GatheredLooks looks = new GatheredLooks();

    @ParameterizedTest
    @CsvSource({"1, 5, 7", "100, 28, 29", "1000, 61, 62"})
    void anEndWaitsForOthersTheLongerTheMoreRunsThereAre(int live, int notYet, int then) {
        List<Job> jobs = running(live);
        looks.ended(CLUSTER, key(jobs.get(0)), NOW);

        assertThat(looks.due(CLUSTER, jobs, NOW.plusSeconds(notYet))).isEmpty();
        assertThat(looks.due(CLUSTER, jobs, NOW.plusSeconds(then))).containsExactly(jobs.get(0));
    }

    @Test
    void tenEndsGoAtOnceAndNoMoreInOneCall() {
        List<Job> jobs = running(1000);
        jobs.stream().limit(9).forEach(job -> looks.ended(CLUSTER, key(job), NOW));
        assertThat(looks.due(CLUSTER, jobs, NOW.plusSeconds(10))).isEmpty();

        jobs.stream().limit(13).forEach(job -> looks.ended(CLUSTER, key(job), NOW.plusSeconds(1)));

        assertThat(looks.due(CLUSTER, jobs, NOW.plusSeconds(10))).hasSize(10);
    }

    /** A full look that finds such an end before its turn has found nothing that drivers keep to themselves. */
    @Test
    void anEndIsReportedFromTheDriversWordOnUntilTheRunIsGone() {
        List<Job> jobs = running(2);
        assertThat(looks.isReported(CLUSTER, key(jobs.get(0)))).isFalse();

        looks.ended(CLUSTER, key(jobs.get(0)), NOW);

        assertThat(looks.isReported(CLUSTER, key(jobs.get(0)))).isTrue();
        assertThat(looks.isReported(CLUSTER, key(jobs.get(1)))).isFalse();
        assertThat(looks.due(CLUSTER, jobs.subList(1, 2), NOW)).isEmpty();
        assertThat(looks.isReported(CLUSTER, key(jobs.get(0)))).isFalse();
    }

    @Test
    void whatHasNotBegunRidesAlong() {
        List<Job> jobs = new ArrayList<>(running(1000));
        Job pending = JobFixtures.aPendingJob(JobFixtures.aSpec(1, null, null));
        jobs.add(pending);
        Instant soon = JobFixtures.NOW.plusSeconds(35);
        jobs.subList(0, 1000).forEach(job -> looks.started(CLUSTER, key(job)));
        assertThat(looks.due(CLUSTER, jobs, soon)).isEmpty();

        looks.ended(CLUSTER, key(jobs.get(0)), soon.minusSeconds(63));

        assertThat(looks.due(CLUSTER, jobs, soon)).containsExactly(jobs.get(0), pending);
    }

    /** Its driver would be heard soon, and one look is enough then. */
    @Test
    void whatWasNotHeardRidesAlongLater() {
        List<Job> jobs = new ArrayList<>(running(1000));
        Job pending = JobFixtures.aPendingJob(JobFixtures.aSpec(1, null, null));
        jobs.add(pending);
        Instant soon = JobFixtures.NOW.plusSeconds(20);
        jobs.subList(0, 1000).forEach(job -> looks.started(CLUSTER, key(job)));
        looks.ended(CLUSTER, key(jobs.get(0)), soon.minusSeconds(63));

        assertThat(looks.due(CLUSTER, jobs, soon)).containsExactly(jobs.get(0));
        looks.started(CLUSTER, key(pending));
        assertThat(looks.due(CLUSTER, jobs, soon)).containsExactly(jobs.get(0), pending);
    }

    /** Its looks in vain were those for its start. */
    @Test
    void anEndIsLookedAtSoonHoweverOftenItsStartWasLookedForInVain() {
        List<Job> jobs = List.of(JobFixtures.aPendingJob(JobFixtures.aSpec(1, null, null)));
        for (int look = 0; look < 4; look++) {
            looks.looked(CLUSTER, List.of(key(jobs.get(0))), NOW);
        }
        assertThat(looks.due(CLUSTER, jobs, NOW.plusSeconds(60))).isEmpty();

        looks.ended(CLUSTER, key(jobs.get(0)), NOW.plusSeconds(60));

        assertThat(looks.due(CLUSTER, jobs, NOW.plusSeconds(67))).isEqualTo(jobs);
    }

    /** Ten places, and the ends are what somebody waits for. */
    @Test
    void endsGoBeforeWhatHasNotBegun() {
        List<Job> jobs = new ArrayList<>();
        for (int n = 0; n < 12; n++) {
            jobs.add(JobFixtures.aPendingJob(JobFixtures.aSpec(1, null, null)));
        }
        List<Job> ended = running(3);
        jobs.addAll(ended);
        Instant late = JobFixtures.NOW.plusSeconds(120);
        ended.forEach(job -> looks.ended(CLUSTER, key(job), late.minusSeconds(7)));

        assertThat(looks.due(CLUSTER, jobs, late)).hasSize(10).startsWith(ended.toArray(Job[]::new));
    }

    @Test
    void onAFullClusterAStartWaitsLongerOnceItsDriverWasHeard() {
        List<Job> jobs = new ArrayList<>(running(200));
        jobs.forEach(job -> looks.started(CLUSTER, key(job)));
        Job start = JobFixtures.aPendingJob(JobFixtures.aSpec(1, null, null));
        jobs.add(start);
        Instant later = JobFixtures.NOW.plusSeconds(150);

        assertThat(looks.due(CLUSTER, jobs, later)).containsExactly(start);
        looks.started(CLUSTER, key(start));
        assertThat(looks.due(CLUSTER, jobs, later)).isEmpty();
        assertThat(looks.due(CLUSTER, jobs, later.plusSeconds(70))).containsExactly(start);
    }

    @Test
    void anEndThatTheClusterDoesNotConfirmIsLookedAtLessAndLess() {
        List<Job> jobs = running(1);
        looks.ended(CLUSTER, key(jobs.get(0)), NOW);
        List<Long> after = new ArrayList<>();
        for (int second = 0; second < 600; second++) {
            List<Job> due = looks.due(CLUSTER, jobs, NOW.plusSeconds(second));
            if (!due.isEmpty()) {
                after.add((long) second);
                looks.ended(CLUSTER, key(jobs.get(0)), NOW.plusSeconds(second));
                looks.looked(CLUSTER, due.stream().map(GatheredLooksTest::key).toList(), NOW.plusSeconds(second));
            }
        }
        assertThat(after).hasSizeBetween(6, 9).startsWith(7L, 18L, 39L);
    }

    @ParameterizedTest
    @CsvSource({"1, 156, 157", "100, 178, 179", "1000, 211, 212"})
    void anEndIsOverdueWhenItsTurnWasTwoAndAHalfMinutesAgo(int live, int notYet, int then) {
        List<Job> jobs = running(live);
        looks.ended(CLUSTER, key(jobs.get(0)), NOW);

        assertThat(looks.overdue(CLUSTER, jobs, NOW.plusSeconds(notYet))).isEmpty();
        assertThat(looks.overdue(CLUSTER, jobs, NOW.plusSeconds(then))).contains(jobs.get(0));
    }

    @Test
    void ofOverdueEndsTheOldestIsFirstAndOneThatWasLookedAtWaitsAnew() {
        List<Job> jobs = running(3);
        looks.ended(CLUSTER, key(jobs.get(1)), NOW);
        looks.ended(CLUSTER, key(jobs.get(0)), NOW.plusSeconds(5));
        looks.ended(CLUSTER, key(jobs.get(2)), NOW.plusSeconds(10));
        Instant late = NOW.plusSeconds(170);
        assertThat(looks.overdue(CLUSTER, jobs, late)).contains(jobs.get(1));

        looks.looked(CLUSTER, List.of(key(jobs.get(1))), late);

        assertThat(looks.overdue(CLUSTER, jobs, late)).contains(jobs.get(0));
        assertThat(looks.overdue(CLUSTER, jobs.subList(1, 2), late.plusSeconds(150)))
                .isEmpty();
        assertThat(looks.overdue(CLUSTER, jobs.subList(1, 2), late.plusSeconds(165)))
                .contains(jobs.get(1));
    }

    /** Nobody waits for it as for an end, and it rides along with those. */
    @Test
    void whatHasNotBegunIsNeverOverdue() {
        List<Job> jobs = List.of(JobFixtures.aPendingJob(JobFixtures.aSpec(1, null, null)));

        assertThat(looks.due(CLUSTER, jobs, JobFixtures.NOW.plusSeconds(600))).isEqualTo(jobs);
        assertThat(looks.overdue(CLUSTER, jobs, JobFixtures.NOW.plusSeconds(600)))
                .isEmpty();
    }

    /** Its step may have failed before there was a driver. */
    @Test
    void aRunWhoseDriverWasNotHeardIsLookedAtAndOneThatWasHeardIsNot() {
        Job heard = JobFixtures.aRunningJob();
        Job unheard = JobFixtures.aRunningJob();
        looks.started(CLUSTER, key(heard));

        assertThat(looks.due(CLUSTER, List.of(heard, unheard), JobFixtures.NOW.plusSeconds(30)))
                .containsExactly(unheard);
    }

    @Test
    void whatTheClusterDoesNotKnowIsAskedForOnceAndLeftToAFullLook() {
        List<Job> jobs = running(2);
        looks.ended(CLUSTER, key(jobs.get(0)), NOW);
        looks.ended(CLUSTER, key(jobs.get(1)), NOW);

        assertThat(looks.unknown(CLUSTER, List.of(key(jobs.get(0))), NOW)).isTrue();
        assertThat(looks.unknown(CLUSTER, List.of(key(jobs.get(0))), NOW)).isFalse();

        assertThat(looks.due(CLUSTER, jobs, NOW.plusSeconds(60))).containsExactly(jobs.get(1));
    }

    @Test
    void aRunThatHasLeftTheClusterIsForgotten() {
        List<Job> jobs = running(2);
        looks.ended(CLUSTER, key(jobs.get(0)), NOW);

        assertThat(looks.due(CLUSTER, jobs.subList(1, 2), NOW.plusSeconds(60))).isEmpty();
    }

    private static List<Job> running(int count) {
        return Stream.generate(JobFixtures::aRunningJob).limit(count).toList();
    }

    private static SubmissionKey key(Job job) {
        return Reconciler.ref(job).submissionKey();
    }
}
