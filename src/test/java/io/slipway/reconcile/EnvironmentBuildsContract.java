package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.CountedDatabase;
import io.slipway.MutableClock;
import io.slipway.PersistenceTest;
import io.slipway.artifacts.Artifacts;
import io.slipway.compute.Clusters;
import io.slipway.compute.FakeCompute;
import io.slipway.environments.BuildFault;
import io.slipway.environments.BuildReport;
import io.slipway.environments.Environment;
import io.slipway.environments.EnvironmentBuilders;
import io.slipway.environments.EnvironmentChanges;
import io.slipway.environments.EnvironmentState;
import io.slipway.environments.Environments;
import io.slipway.environments.EnvironmentsSettings;
import io.slipway.environments.FakeBuilder;
import io.slipway.environments.IndexReach;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Note;
import io.slipway.jobs.Reason;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.project.requirements.Requirements;
import io.slipway.provision.NoTemplates;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;

/** One build for all who want the same, whatever happens meanwhile, on both kinds of database. */
@PersistenceTest
@Import({
    CountedDatabase.class,
    JobTransactions.class,
    EnvironmentChanges.class,
    EnvironmentBuilders.class,
    IndexReach.class,
    EnvironmentBuildsContract.Parts.class
})
abstract class EnvironmentBuildsContract {

    private static final String HASH = " --hash=sha256:" + "a".repeat(64);

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobTransactions transactions;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private Environments environments;

    @Autowired
    private EnvironmentChanges changes;

    @Autowired
    private EnvironmentBuilders builders;

    @Autowired
    private IndexReach reach;

    @Autowired
    private EnvironmentsSettings settings;

    @Autowired
    private Clusters clusters;

    @Autowired
    private FakeBuilder builder;

    @Autowired
    private MutableClock clock;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private CountedDatabase database;

    private final BuildSlots slots = new BuildSlots();
    private StoredJobs stored;
    private EnvironmentBuilds builds;
    private boolean leads = true;

    @TestConfiguration
    static class Parts {

        @Bean
        @Primary
        MutableClock movedClock() {
            return new MutableClock(StoredJobs.NOW);
        }

        @Bean
        FakeBuilder fakeBuilder() {
            return new FakeBuilder();
        }

        @Bean
        Clusters fakeClusters(Clock clock) {
            return Clusters.of(List.of(new FakeCompute("local", 2, Duration.ZERO, clock)));
        }

        @Bean
        EnvironmentsSettings environmentsSettings() {
            return new Binder(new MapConfigurationPropertySource(Map.of()))
                    .bindOrCreate("slipway.environments", EnvironmentsSettings.class);
        }
    }

    @BeforeEach
    void empty() {
        for (String table : List.of(
                "job_event", "job_label", "run", "job", "environment", "requirements", "stored_project", "artifact")) {
            jdbc.update("delete from " + table);
        }
        builder.clear();
        stored = new StoredJobs(transactions, artifacts);
        builds = anotherLeader();
    }

    /** It knows nothing but what is in the table. */
    private EnvironmentBuilds anotherLeader() {
        Leadership leadership = new TestLeader(() -> leads);
        EnvironmentMetrics metrics = new EnvironmentMetrics(new SimpleMeterRegistry());
        return new EnvironmentBuilds(
                new EnvironmentNeeds(jobs, transactions, environments, changes, builders, reach, metrics, clock),
                environments,
                changes,
                builders,
                jobs,
                clusters,
                slots,
                metrics,
                leadership,
                settings,
                clock);
    }

    @Test
    void aTurnWithoutEnvironmentsAsksForJobsAndEnvironmentsAlone() {
        database.clear();
        builds.turn();
        assertThat(database.sent())
                .filteredOn(sent -> !sent.equals(CountedDatabase.COMMIT))
                .as("jobs that need one, environments that live, environments that jobs wait for")
                .hasSize(3);
    }

    @Test
    void jobsThatWantTheSameWaitForOneBuildAndGoTogether() {
        Job first = requiring("ann", "numpy");
        Job second = requiring("ann", "numpy");
        builds.turn();
        builds.turn();
        assertThat(builder.started()).hasSize(1);
        assertThat(new FairQueue(jobs).next("local", 5)).isEmpty();
        assertThat(jobs.queueOf("local")).isEmpty();
        assertThat(slots.of("local")).isEqualTo(1);

        builder.end(builder.started().get(0), BuildReport.BUILT);
        builds.turn();
        assertThat(new FairQueue(jobs).next("local", 5)).extracting(Job::id).containsExactly(first.id(), second.id());
        assertThat(now(first).plan().launch().python().environment())
                .isEqualTo("venv:" + builder.started().get(0));
        assertThat(slots.of("local")).as("with the jobs in the queue").isZero();

        Job later = requiring("ann", "numpy");
        builds.turn();
        builds.turn();
        assertThat(now(later).environment().orElseThrow().location()).isPresent();
        assertThat(builder.started()).hasSize(1);
    }

    @Test
    void anotherOwnerSharesWhatIsHashedAlone() {
        requiring("ann", "numpy==1" + HASH);
        requiring("bob", "numpy==1" + HASH);
        builds.turn();
        builds.turn();
        assertThat(builder.started()).hasSize(1);
        requiring("ann", "pandas");
        requiring("bob", "pandas");
        builds.turn();
        assertThat(environments.findByStateInOrderById(List.of(EnvironmentState.WANTED, EnvironmentState.BUILDING)))
                .hasSize(3);
    }

    @Test
    void aLeaderThatDiedBetweenIntentAndStartIsFollowedUnderTheSameIntent() {
        requiring("ann", "numpy");
        builder.broken(true);
        builds.turn();
        builds.turn();
        assertThat(builder.started()).isEmpty();
        builder.broken(false);
        anotherLeader().turn();
        anotherLeader().turn();
        assertThat(builder.started()).singleElement().asString().endsWith("-1");
    }

    @Test
    void whatCannotBeInstalledEndsItsJobsAndIsRememberedForAnHour() {
        Job job = requiring("ann", "numpy");
        builds.turn();
        builds.turn();
        builder.end(builder.started().get(0), BuildReport.failed("ERROR: no numpy"));
        builds.turn();
        assertThat(now(job).state()).isEqualTo(JobState.FAILED);
        assertThat(now(job).reason()).contains(new Reason(Reason.Code.ENVIRONMENT_FAILED, "ERROR: no numpy"));
        assertThat(now(job).runs()).isEmpty();

        Job soon = requiring("ann", "numpy");
        builds.turn();
        builds.turn();
        assertThat(now(soon).state()).isEqualTo(JobState.FAILED);
        clock.advance(Duration.ofMinutes(61));
        Job late = requiring("ann", "numpy");
        builds.turn();
        builds.turn();
        assertThat(now(late).state()).isEqualTo(JobState.QUEUED);
        assertThat(builder.started()).hasSize(2);
    }

    @Test
    void aLostBuildIsBegunAgainTwiceWithAPause() {
        Job job = requiring("ann", "numpy");
        builds.turn();
        builds.turn();
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(builder.started()).hasSize(attempt);
            builder.end(builder.started().get(attempt - 1), BuildReport.lost("the index is away"));
            builds.turn();
            builds.turn();
            assertThat(builder.started()).hasSize(attempt);
            clock.advance(Duration.ofMinutes(2));
            builds.turn();
        }
        assertThat(now(job).reason().orElseThrow().message())
                .contains("3 times")
                .contains("the index is away");
    }

    @Test
    void whoDidNotAskGoesWithoutWhereTheIndexIsAwayAndWhoAskedWaits() {
        Job found = finding("ann", "numpy");
        Job named = requiring("ann", "numpy");
        builds.turn();
        assertThat(builder.started()).as("one build for both").hasSize(1);
        builder.end(builder.started().get(0), BuildReport.missedIndex("no route"));
        builds.turn();

        assertThat(now(found).environment().orElseThrow().isAwaited()).isFalse();
        assertThat(now(found).plan().launch().python().environment()).isNull();
        assertThat(lastNote(found).what()).isEqualTo(Note.What.REQUIREMENTS_LEFT_OUT);
        assertThat(lastNote(found).value("file")).isEqualTo("requirements.txt");
        assertThat(lastNote(found).value("why"))
                .isEqualTo("The index of packages cannot be reached from cluster local. Set"
                        + " slipway.environments.index-url to one that can be, or send requirements=none.");
        assertThat(new FairQueue(jobs).next("local", 5)).extracting(Job::id).containsExactly(found.id());
        assertThat(now(named).environment().orElseThrow().isAwaited()).isTrue();

        clock.advance(Duration.ofMinutes(1));
        builds.turn();
        builder.end(builder.started().get(1), BuildReport.BUILT);
        builds.turn();
        assertThat(now(named).environment().orElseThrow().location()).isPresent();
        assertThat(now(found).environment().orElseThrow().location()).isEmpty();
    }

    @Test
    void thatTheIndexIsAwayIsRememberedForAllOfTheClusterForHalfAnHour() {
        missed();
        Job soon = finding("bob", "pandas");
        builds.turn();
        assertThat(now(soon).environment().orElseThrow().isAwaited()).isFalse();
        assertThat(builder.started()).hasSize(1);
        assertThat(environments.newest("8", Limit.of(5))).as("nothing to build").hasSize(1);

        clock.advance(Duration.ofMinutes(31));
        Job late = finding("bob", "pandas");
        builds.turn();
        assertThat(builder.started()).hasSize(2);
        assertThat(now(late).environment().orElseThrow().isAwaited()).isTrue();
    }

    @Test
    void aBuildThatGoesWellTellsThatTheIndexIsThereAgain() {
        missed();
        clock.advance(Duration.ofMinutes(1));
        ready("ann", "numpy");

        finding("bob", "pandas");
        builds.turn();
        assertThat(builder.started()).hasSize(3);
    }

    @Test
    void whatIsBuiltAlreadyIsGivenThoughTheIndexIsAway() {
        ready("ann", "numpy");
        clock.advance(Duration.ofMinutes(1));
        missed();
        Job found = finding("ann", "numpy");
        builds.turn();
        assertThat(now(found).environment().orElseThrow().location()).isPresent();
    }

    @Test
    void jobsWhoseBuildsWaitForTheirTurnGoWithoutAtOnceToo() {
        IntStream.range(0, 5).forEach(i -> finding("ann", "lib" + i));
        builds.turn();
        assertThat(builder.started()).as("as many as the cluster has slots").hasSize(2);
        builder.end(builder.started().get(0), BuildReport.missedIndex("no route"));
        builds.turn();
        assertThat(new FairQueue(jobs).next("local", 9))
                .as("the other build is let end: it may be further")
                .hasSize(4);
        builder.end(builder.started().get(1), BuildReport.missedIndex("no route"));
        builds.turn();
        assertThat(new FairQueue(jobs).next("local", 9)).hasSize(5);
        builds.turn();
        assertThat(environments.findByStateInOrderById(List.of(EnvironmentState.WANTED, EnvironmentState.BUILDING)))
                .as("nobody needs them any more")
                .isEmpty();
    }

    @Test
    void anotherLeaderDecidesTheSameWhereverTheFirstOneDied() {
        Job found = finding("ann", "numpy");
        builds.turn();
        Environment building = environments.newest("8", Limit.of(1)).get(0);
        // It died when it had written what it had seen, and nothing of what follows from that.
        changes.apply(
                building.id(),
                fresh -> fresh.putOff(
                        "no route", BuildFault.INDEX, clock.instant().plusSeconds(30), clock.instant()));

        anotherLeader().turn();

        assertThat(now(found).environment().orElseThrow().isAwaited()).isFalse();
        assertThat(builder.started()).hasSize(1);
        anotherLeader().turn();
        assertThat(notes(found)).extracting(Note::what).containsOnlyOnce(Note.What.REQUIREMENTS_LEFT_OUT);
    }

    @Test
    void whoDidNotAskIsNotEndedByAPlaceWhereNothingCanBeBuilt() {
        Job found = finding("ann", "numpy");
        Job named = requiring("ann", "numpy");
        builds.turn();
        for (int attempt = 0; attempt < 3; attempt++) {
            builder.end(builder.started().get(attempt), BuildReport.lost("the step left no result"));
            builds.turn();
            assertThat(now(found).state()).isEqualTo(JobState.QUEUED);
            clock.advance(Duration.ofMinutes(2));
            builds.turn();
        }
        assertThat(now(named).state()).isEqualTo(JobState.FAILED);
        assertThat(now(found).environment().orElseThrow().isAwaited()).isFalse();
        assertThat(lastNote(found).value("why")).contains("the step left no result");

        builder.cannot("There is no python3.2 on this machine.");
        Job nowhere = finding("ann", "pandas");
        Job asked = requiring("ann", "pandas");
        builds.turn();
        assertThat(now(nowhere).environment().orElseThrow().isAwaited()).isFalse();
        assertThat(lastNote(nowhere).value("why")).isEqualTo("There is no python3.2 on this machine.");
        assertThat(now(asked).reason())
                .contains(new Reason(Reason.Code.ENVIRONMENT_FAILED, "There is no python3.2 on this machine."));
    }

    @Test
    void thatAnIndexWasAwayIsHeldAgainstNobodyWhoAsksLater() {
        requiring("ann", "numpy");
        builds.turn();
        for (int attempt = 0; attempt < 3; attempt++) {
            builder.end(builder.started().get(attempt), BuildReport.missedIndex("no route"));
            builds.turn();
            clock.advance(Duration.ofMinutes(2));
            builds.turn();
        }
        Job later = requiring("ann", "numpy");
        builds.turn();
        assertThat(builder.started()).hasSize(4);
        assertThat(now(later).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void whatCannotBeResolvedEndsThoseThatDidNotAskToo() {
        missed();
        clock.advance(Duration.ofMinutes(31));
        Job found = finding("ann", "numpy");
        builds.turn();
        builder.end(builder.started().get(1), BuildReport.failed("ERROR: no numpy"));
        builds.turn();
        assertThat(now(found).reason()).contains(new Reason(Reason.Code.ENVIRONMENT_FAILED, "ERROR: no numpy"));
    }

    @Test
    void nothingIsBuiltOfWhatThePythonThereHasAlready() {
        builder.has("numpy");
        Job found = finding("ann", "numpy");
        Job named = requiring("ann", "numpy");
        builds.turn();
        assertThat(environments.newest("8", Limit.of(1))).isEmpty();
        assertThat(new FairQueue(jobs).next("local", 5)).extracting(Job::id).containsExactly(found.id(), named.id());
        assertThat(lastNote(named).what()).isEqualTo(Note.What.REQUIREMENTS_THERE);
        assertThat(now(named).environment().orElseThrow().location()).isEmpty();
    }

    @Test
    void aJobWhoseClusterBecameAnotherGetsAnotherEnvironmentBeforeItStarts() {
        builder.leadsTo("j-ARM", "emr-7, aarch64");
        Job job = requiring("ann", "numpy");
        builds.turn();
        builder.end(builder.started().get(0), BuildReport.BUILT);
        builds.turn();
        String first = now(job).environment().orElseThrow().environmentId().orElseThrow();
        builder.leadsTo("j-X86", "emr-7, x86_64");

        dispatcher().fill(clusters.all(List.of("local")).get(0), 2);

        assertThat(now(job).state()).isEqualTo(JobState.QUEUED);
        assertThat(lastNote(job).what()).isEqualTo(Note.What.ENVIRONMENT_OUTLIVED);
        assertThat(lastNote(job).value("environment")).isEqualTo(first);
        assertThat(jobs.queueOf("local")).as("it is not offered any more").isEmpty();

        anotherLeader().turn();
        builder.end(builder.started().get(1), BuildReport.BUILT);
        builds.turn();
        assertThat(now(job).environment().orElseThrow().environmentId()).get().isNotEqualTo(first);
        dispatcher().fill(clusters.all(List.of("local")).get(0), 2);
        assertThat(now(job).state()).isNotEqualTo(JobState.QUEUED);

        builder.leadsTo("j-ARM2", "emr-7, aarch64");
        Job later = requiring("ann", "numpy");
        builds.turn();
        assertThat(now(later).environment().orElseThrow().environmentId())
                .as("it is still there")
                .hasValue(first);
    }

    @Test
    void aClusterOnWhichNothingCanBeBuiltEndsTheJobWithTheReason() {
        builder.leadsTo("j-NEW", "emr-7, aarch64");
        Job job = requiring("ann", "numpy");
        builds.turn();
        builder.end(builder.started().get(0), BuildReport.BUILT);
        builds.turn();
        builder.cannot("Cluster local has release emr-5.19.0.");

        dispatcher().fill(clusters.all(List.of("local")).get(0), 2);
        builds.turn();

        assertThat(now(job).reason())
                .contains(new Reason(Reason.Code.ENVIRONMENT_FAILED, "Cluster local has release emr-5.19.0."));
        assertThat(now(job).runs()).isEmpty();
    }

    @Test
    void whatWasWantedForAnotherClusterIsNotBuiltUnderItsKey() {
        builder.leadsTo(null, "emr-7, aarch64");
        builder.busy(true);
        Job job = requiring("ann", "numpy");
        builds.turn();
        String first = now(job).environment().orElseThrow().environmentId().orElseThrow();
        builder.leadsTo("j-X86", "emr-7, x86_64");
        builder.busy(false);

        builds.turn();

        Environment left = environments.findById(first).orElseThrow();
        assertThat(left.state()).isEqualTo(EnvironmentState.CANCELLED);
        assertThat(left.message()).get().asString().contains("aarch64", "x86_64");
        assertThat(builder.started()).isEmpty();
        builds.turn();
        assertThat(builder.started()).singleElement().asString().doesNotStartWith(first);
    }

    private Dispatcher dispatcher() {
        Leadership leadership = new TestLeader(() -> leads);
        OrderDesk desk = new OrderDesk(
                new NoTemplates(),
                null,
                null,
                new OrderLooks(new NoTemplates(), null, clock),
                jobs,
                slots,
                null,
                leadership,
                clock);
        ReconcileSettings usual = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("slipway.reconcile", ReconcileSettings.class);
        EnvironmentFit fit = new EnvironmentFit(environments, builders, transactions, clock);
        return new Dispatcher(new FairQueue(jobs), transactions, fit, desk, leadership, usual, clock);
    }

    /** A build whose only job did not ask for it. */
    private void missed() {
        int before = builder.started().size();
        finding("ann", "missed");
        builds.turn();
        assertThat(builder.started()).hasSize(before + 1);
        Environment building = environments
                .findByStateInOrderById(List.of(EnvironmentState.BUILDING))
                .get(0);
        builder.end(building.build().intent(), BuildReport.missedIndex("no route"));
        builds.turn();
    }

    private List<Note> notes(Job job) {
        return jobs.eventsOf(job.id()).stream()
                .map(JobEvent::note)
                .filter(Objects::nonNull)
                .toList();
    }

    private Note lastNote(Job job) {
        List<Note> notes = notes(job);
        return notes.get(notes.size() - 1);
    }

    @Test
    void theLastJobThatIsCancelledCancelsTheBuild() {
        Job one = requiring("ann", "numpy");
        Job other = requiring("ann", "numpy");
        builds.turn();
        builds.turn();
        cancel(one);
        builds.turn();
        assertThat(builder.cancelled()).isEmpty();
        cancel(other);
        builds.turn();
        assertThat(builder.cancelled()).containsExactly(builder.started().get(0));

        Job again = requiring("ann", "numpy");
        builds.turn();
        builds.turn();
        assertThat(builder.started()).hasSize(2);
        assertThat(now(again).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void whatIsNotHashedIsBuiltAnewAfterAWeekAndWithAnotherPython() {
        ready("ann", "numpy");
        ready("ann", "six==1" + HASH);
        clock.advance(Duration.ofDays(8));
        requiring("ann", "numpy");
        requiring("ann", "six==1" + HASH);
        builds.turn();
        builds.turn();
        assertThat(builder.started()).hasSize(3);
        builder.python("3.12.1");
        requiring("bob", "six==1" + HASH);
        builds.turn();
        builds.turn();
        assertThat(builder.started()).hasSize(4);
    }

    @Test
    void aRebuildIsMadeThoughNoJobWaits() {
        ready("ann", "numpy");
        Environment first = environments.newest("8", Limit.of(1)).get(0);
        Environment second = changes.again(first);
        assertThat(changes.again(first).id()).isEqualTo(second.id());
        builds.turn();
        assertThat(builder.started()).hasSize(2);
        assertThat(second.generation()).isEqualTo(2);
    }

    @Test
    void ofManyWhoAskAtTheSameMomentAllGetTheSame() {
        ready("ann", "numpy");
        Environment first = environments.newest("8", Limit.of(1)).get(0);
        Requirements fresh = new Requirements(List.of("six"), List.of(), Map.of(), false);

        assertThat(atOnce(() -> changes.again(first).id())).hasSize(1);
        assertThat(atOnce(() -> changes.store(fresh))).hasSize(1);
    }

    /** The different answers of eight threads. */
    private static Set<String> atOnce(Supplier<String> question) {
        CountDownLatch all = new CountDownLatch(8);
        return IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> {
                            all.countDown();
                            try {
                                all.await();
                            } catch (InterruptedException stopped) {
                                throw new IllegalStateException(stopped);
                            }
                            return question.get();
                        },
                        each -> new Thread(each).start()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .collect(Collectors.toSet());
    }

    @Test
    void whoDoesNotLeadBeginsNothing() {
        requiring("ann", "numpy");
        leads = false;
        builds.turn();
        builds.turn();
        assertThat(builder.started()).isEmpty();
    }

    @Test
    void whatNobodyUsesAndNoJobRefersToIsFound() {
        ready("ann", "numpy");
        assertThat(environments.unused(clock.instant().plusSeconds(1), 5)).isEmpty();
        for (String table : List.of("job_event", "job_label", "run", "job")) {
            jdbc.update("delete from " + table);
        }
        assertThat(environments.unused(clock.instant().plusSeconds(1), 5)).hasSize(1);
        assertThat(environments.forgetRequirements(clock.instant().plusSeconds(1)))
                .isZero();
        environments.unused(clock.instant().plusSeconds(1), 5).forEach(changes::remove);
        assertThat(environments.forgetRequirements(clock.instant().plusSeconds(1)))
                .isEqualTo(1);
    }

    private void ready(String owner, String line) {
        int before = builder.started().size();
        Job job = requiring(owner, line);
        builds.turn();
        builds.turn();
        List<String> started = builder.started();
        assertThat(started).hasSize(before + 1);
        started.forEach(each -> builder.end(each, BuildReport.BUILT));
        builds.turn();
        assertThat(now(job).environment().orElseThrow().location()).isPresent();
        cancel(job);
    }

    private void cancel(Job job) {
        transactions.apply(job.id(), fresh -> fresh.cancelRequested("ann", clock.instant()));
    }

    private Job requiring(String owner, String line) {
        String id = changes.store(new Requirements(List.of(line), List.of(), Map.of(), false));
        return stored.requiring(Wanted.of(owner), id);
    }

    /** Of a job that did not ask for what was found in its project. */
    private Job finding(String owner, String line) {
        String id = changes.store(new Requirements(List.of(line), List.of(), Map.of(), false));
        return stored.finding(Wanted.of(owner), id);
    }

    private Job now(Job job) {
        return jobs.findById(job.id()).orElseThrow();
    }
}
