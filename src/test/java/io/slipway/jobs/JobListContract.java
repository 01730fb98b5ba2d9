package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.JobFilter.Created;
import io.slipway.jobs.StoredJobs.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** Lists and their filters, on both kinds of database. */
abstract class JobListContract extends JobsPersistence {

    private static final Instant NOW = StoredJobs.NOW;

    @Autowired
    private JobList list;

    @Autowired
    private KnownJobs known;

    @Autowired
    private JdbcTemplate database;

    @Test
    void showsTheNewestFirst() {
        JobId older = stored.queued(Wanted.of(ann)).id();
        JobId newer = stored.queued(Wanted.of(ann)).id();
        stored.queued(Wanted.of(bob));
        assertThat(ids(filter())).containsExactly(newer, older);
    }

    @Test
    void showsEverybodysJobsWhenNoOwnerIsGiven() {
        JobId anns = stored.queued(Wanted.of(ann)).id();
        JobId bobs = stored.queued(Wanted.of(bob)).id();
        JobFilter everybodys = new JobFilter(null, null, Set.of(), Map.of(), null, JobFilter.Created.ANY_TIME, null);
        assertThat(ids(everybodys)).startsWith(bobs, anns);
    }

    @Test
    void staysRightWhileJobsArrive() {
        List<String> before = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            before.add(0, stored.queued(Wanted.of(ann)).id().value());
        }
        JobSlice first = list.page(filter(), 2);
        stored.queued(Wanted.of(ann));
        JobSlice second = list.page(filter(Set.of(), Map.of(), null, null, null, first.next()), 2);
        JobSlice third = list.page(filter(Set.of(), Map.of(), null, null, null, second.next()), 2);
        List<String> seen = new ArrayList<>();
        List.of(first, second, third)
                .forEach(page -> page.items().forEach(job -> seen.add(job.id().value())));
        assertThat(seen).isEqualTo(before);
        assertThat(third.next()).isNull();
    }

    @ParameterizedTest
    @EnumSource(JobOrder.class)
    void showsEachJobOnceInEveryOrder(JobOrder order) {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Job job = stored.queued(Wanted.of(ann));
            transactions.apply(job.id(), fresh -> fresh.cancelRequested(ann, NOW));
            sent.add(job.id().value());
        }
        List<String> seen = new ArrayList<>();
        String after = null;
        do {
            JobSlice page = list.page(new JobListing(filter(), null, order, after), 2);
            page.items().forEach(job -> seen.add(job.id().value()));
            after = page.next();
        } while (after != null);
        // Of one name, and ended in one moment: the ids decide.
        List<String> expected = new ArrayList<>(sent);
        if (order.isDescending()) {
            Collections.reverse(expected);
        }
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void findsIdsByHowTheyBegin() {
        JobId id = stored.queued(Wanted.of(ann)).id();
        stored.queued(Wanted.of(ann));
        assertThat(list.page(new JobListing(filter(), id.value().substring(0, 25), JobOrder.NEWEST, null), 9)
                        .items())
                .extracting(Job::id)
                .contains(id)
                .allMatch(each -> each.value().startsWith(id.value().substring(0, 25)));
    }

    @Test
    void endsAPageThatIsExactlyFull() {
        stored.queued(Wanted.of(ann));
        stored.queued(Wanted.of(ann));
        assertThat(list.page(filter(), 2).next()).isNull();
    }

    @Test
    void filtersByStates() {
        JobId queued = stored.queued(Wanted.of(ann)).id();
        JobId running = stored.running(Wanted.of(ann)).id();
        stored.ended(Wanted.of(ann), NOW);
        assertThat(ids(filter(Set.of(JobState.QUEUED, JobState.RUNNING), Map.of(), null, null, null, null)))
                .containsExactly(running, queued);
    }

    @Test
    void filtersByTheCluster() {
        JobId first = stored.queued(Wanted.of(ann).on(cluster)).id();
        JobId running = stored.running(Wanted.of(ann).on(cluster)).id();
        JobId others = stored.queued(Wanted.of(bob).on(cluster)).id();
        stored.queued(Wanted.of(ann));
        assertThat(ids(onCluster(ann))).containsExactly(running, first);
        assertThat(ids(onCluster(null))).containsExactly(others, running, first);
        assertThat(ids(onCluster(null, JobState.QUEUED))).containsExactly(others, first);
        assertThat(ids(onCluster(ann, JobState.RUNNING, JobState.PENDING))).containsExactly(running);
    }

    private JobFilter onCluster(@Nullable String owner, JobState... states) {
        return new JobFilter(owner, cluster, Set.of(states), Map.of(), null, JobFilter.Created.ANY_TIME, null);
    }

    /** A search begins elsewhere when many jobs have the label. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1000})
    void findsTheSameWhereverTheSearchBegins(int few) {
        JobList other = new JobList(known, database, few);
        Map<String, String> team = Map.of("team", ann);
        Map<String, String> both = Map.of("team", ann, "stage", "test");
        JobId first = stored.queued(Wanted.of(ann).labelled(team).on(cluster)).id();
        JobId second = stored.queued(Wanted.of(bob).labelled(team).on(cluster)).id();
        JobId third = stored.queued(Wanted.of(ann).labelled(both).on(cluster)).id();
        JobId fourth =
                stored.queued(Wanted.of(ann).labelled(team).named("other")).id();
        transactions.apply(third, job -> job.cancelRequested(ann, NOW));

        assertThat(ids(other, new JobFilter(null, null, Set.of(), team, null, Created.ANY_TIME, null)))
                .containsExactly(fourth, third, second, first);
        assertThat(ids(other, new JobFilter(ann, null, Set.of(), team, null, Created.ANY_TIME, null)))
                .containsExactly(fourth, third, first);
        assertThat(ids(other, new JobFilter(null, cluster, Set.of(), team, "SQUARES", Created.ANY_TIME, third.value())))
                .containsExactly(second, first);
        assertThat(ids(
                        other,
                        new JobFilter(null, null, Set.of(JobState.CANCELLED), team, null, Created.ANY_TIME, null)))
                .containsExactly(third);
        assertThat(ids(other, new JobFilter(null, null, Set.of(JobState.QUEUED), team, null, Created.ANY_TIME, null)))
                .containsExactly(fourth, second, first);
        assertThat(ids(
                        other,
                        new JobFilter(null, null, Set.of(), both, null, new Created(NOW, NOW.plusMillis(1)), null)))
                .containsExactly(third);
        assertThat(ids(other, new JobFilter(null, null, Set.of(), team, null, new Created(null, NOW), null)))
                .isEmpty();
        JobSlice page = other.page(new JobFilter(null, null, Set.of(), team, null, Created.ANY_TIME, null), 3);
        assertThat(page.items()).hasSize(3);
        assertThat(page.next()).isEqualTo(second.value());
    }

    private static List<JobId> ids(JobList list, JobFilter filter) {
        return list.page(filter, 100).items().stream().map(Job::id).toList();
    }

    @Test
    void filtersByLabelsAllOfWhichMustHold() {
        JobId both = stored.queued(Wanted.of(ann).labelled(Map.of("team", "x", "stage", "test")))
                .id();
        JobId team = stored.queued(Wanted.of(ann).labelled(Map.of("team", "x"))).id();
        stored.queued(Wanted.of(ann).labelled(Map.of("team", "y")));
        assertThat(ids(filter(Set.of(), Map.of("team", "x"), null, null, null, null)))
                .containsExactly(team, both);
        assertThat(ids(filter(Set.of(), Map.of("team", "x", "stage", "test"), null, null, null, null)))
                .containsExactly(both);
    }

    @Test
    void filtersByAPartOfTheNameInAnyCase() {
        JobId found = stored.queued(Wanted.of(ann).named("Daily-REPORT_7")).id();
        stored.queued(Wanted.of(ann).named("daily-reportX7"));
        assertThat(ids(filter(Set.of(), Map.of(), "report_7", null, null, null)))
                .containsExactly(found);
        stored.queued(Wanted.of(ann).named("100 percent"));
        JobId percent = stored.queued(Wanted.of(ann).named("100% \\o/")).id();
        assertThat(ids(filter(Set.of(), Map.of(), "0% \\", null, null, null))).containsExactly(percent);
    }

    @Test
    void filtersByTimeOfCreation() {
        stored.queued(Wanted.of(ann), NOW.minusSeconds(1));
        JobId first = stored.queued(Wanted.of(ann), NOW).id();
        JobId last = stored.queued(Wanted.of(ann), NOW.plusSeconds(9)).id();
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

    private List<JobId> ids(JobFilter filter) {
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
