package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.StoredJobs.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Lists and their filters, on both kinds of database. */
abstract class JobListContract extends JobsPersistence {

    private static final Instant NOW = StoredJobs.NOW;

    @Autowired
    private JobList list;

    @Test
    void showsTheNewestFirst() {
        String older = stored.queued(Wanted.of(ann)).id();
        String newer = stored.queued(Wanted.of(ann)).id();
        stored.queued(Wanted.of(bob));
        assertThat(ids(filter())).containsExactly(newer, older);
    }

    @Test
    void showsEverybodysJobsWhenNoOwnerIsGiven() {
        String anns = stored.queued(Wanted.of(ann)).id();
        String bobs = stored.queued(Wanted.of(bob)).id();
        JobFilter everybodys = new JobFilter(null, null, Set.of(), Map.of(), null, JobFilter.Created.ANY_TIME, null);
        assertThat(ids(everybodys)).startsWith(bobs, anns);
    }

    @Test
    void staysRightWhileJobsArrive() {
        List<String> before = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            before.add(0, stored.queued(Wanted.of(ann)).id());
        }
        JobSlice first = list.page(filter(), 2);
        stored.queued(Wanted.of(ann));
        JobSlice second = list.page(filter(Set.of(), Map.of(), null, null, null, first.next()), 2);
        JobSlice third = list.page(filter(Set.of(), Map.of(), null, null, null, second.next()), 2);
        List<String> seen = new ArrayList<>();
        List.of(first, second, third).forEach(page -> page.items().forEach(job -> seen.add(job.id())));
        assertThat(seen).isEqualTo(before);
        assertThat(third.next()).isNull();
    }

    @Test
    void endsAPageThatIsExactlyFull() {
        stored.queued(Wanted.of(ann));
        stored.queued(Wanted.of(ann));
        assertThat(list.page(filter(), 2).next()).isNull();
    }

    @Test
    void filtersByStates() {
        String queued = stored.queued(Wanted.of(ann)).id();
        String running = stored.running(Wanted.of(ann)).id();
        stored.ended(Wanted.of(ann), NOW);
        assertThat(ids(filter(Set.of(JobState.QUEUED, JobState.RUNNING), Map.of(), null, null, null, null)))
                .containsExactly(running, queued);
    }

    @Test
    void filtersByTheCluster() {
        String first = stored.queued(Wanted.of(ann).on(cluster)).id();
        String running = stored.running(Wanted.of(ann).on(cluster)).id();
        String others = stored.queued(Wanted.of(bob).on(cluster)).id();
        stored.queued(Wanted.of(ann));
        assertThat(ids(onCluster(ann))).containsExactly(running, first);
        assertThat(ids(onCluster(null))).containsExactly(others, running, first);
        assertThat(ids(onCluster(null, JobState.QUEUED))).containsExactly(others, first);
        assertThat(ids(onCluster(ann, JobState.RUNNING, JobState.PENDING))).containsExactly(running);
    }

    private JobFilter onCluster(@Nullable String owner, JobState... states) {
        return new JobFilter(owner, cluster, Set.of(states), Map.of(), null, JobFilter.Created.ANY_TIME, null);
    }

    @Test
    void filtersByLabelsAllOfWhichMustHold() {
        String both = stored.queued(Wanted.of(ann).labelled(Map.of("team", "x", "stage", "test")))
                .id();
        String team =
                stored.queued(Wanted.of(ann).labelled(Map.of("team", "x"))).id();
        stored.queued(Wanted.of(ann).labelled(Map.of("team", "y")));
        assertThat(ids(filter(Set.of(), Map.of("team", "x"), null, null, null, null)))
                .containsExactly(team, both);
        assertThat(ids(filter(Set.of(), Map.of("team", "x", "stage", "test"), null, null, null, null)))
                .containsExactly(both);
    }

    @Test
    void filtersByAPartOfTheNameInAnyCase() {
        String found = stored.queued(Wanted.of(ann).named("Daily-REPORT_7")).id();
        stored.queued(Wanted.of(ann).named("daily-reportX7"));
        assertThat(ids(filter(Set.of(), Map.of(), "report_7", null, null, null)))
                .containsExactly(found);
        stored.queued(Wanted.of(ann).named("100 percent"));
        String percent = stored.queued(Wanted.of(ann).named("100% \\o/")).id();
        assertThat(ids(filter(Set.of(), Map.of(), "0% \\", null, null, null))).containsExactly(percent);
    }

    @Test
    void filtersByTimeOfCreation() {
        stored.queued(Wanted.of(ann), NOW.minusSeconds(1));
        String first = stored.queued(Wanted.of(ann), NOW).id();
        String last = stored.queued(Wanted.of(ann), NOW.plusSeconds(9)).id();
        stored.queued(Wanted.of(ann), NOW.plusSeconds(10));
        assertThat(ids(filter(Set.of(), Map.of(), null, NOW, NOW.plusSeconds(10), null)))
                .containsExactly(last, first);
    }

    @Test
    void showsTheRunsOfEachJob() {
        stored.running(Wanted.of(ann));
        stored.queued(Wanted.of(ann));
        assertThat(list.page(filter(), 10).items())
                .extracting(job -> job.runs().size())
                .containsExactly(0, 1);
    }

    private List<String> ids(JobFilter filter) {
        return list.page(filter, 50).items().stream().map(Job::id).toList();
    }

    private JobFilter filter() {
        return filter(Set.of(), Map.of(), null, null, null, null);
    }

    private JobFilter filter(
            Set<JobState> states,
            Map<String, String> labels,
            @Nullable String name,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String before) {
        return new JobFilter(ann, null, states, labels, name, new JobFilter.Created(from, to), before);
    }
}
