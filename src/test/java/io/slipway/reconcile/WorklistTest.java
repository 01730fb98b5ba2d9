package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.MutableClock;
import io.slipway.OnH2;
import io.slipway.jobs.JobChanged;
import io.slipway.jobs.JobFixtures;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.LiveJobs;
import io.slipway.provision.NoTemplates;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the list says while the database is asked, and when that fails. */
@ReconcilePersistence
@OnH2
class WorklistTest {

    private static final String CLUSTER = "busy";

    @Autowired
    private TurnedLoop.Table table;

    @Autowired
    private JdbcTemplate jdbc;

    private final MutableClock clock = new MutableClock(JobFixtures.NOW);
    private Runnable whileAsked = () -> {};
    private Worklist worklist;

    @BeforeEach
    void build() {
        for (String name : List.of("cleanup", "job_event", "job_label", "run", "job")) {
            jdbc.update("delete from " + name);
        }
        Jobs asked = (Jobs) Proxy.newProxyInstance(
                Jobs.class.getClassLoader(), new Class<?>[] {Jobs.class}, (proxy, method, arguments) -> {
                    whileAsked.run();
                    return method.invoke(table.jobs(), arguments);
                });
        worklist = new Worklist(
                asked, new LiveJobs(table.database(), clock), table.cleanups(), new NoTemplates(), null, clock);
        worklist.renew();
    }

    @Test
    void whatChangedIsThereUntilTheAnswerIs() {
        assertThat(worklist.hasWork(CLUSTER)).isFalse();
        assertThat(worklist.mayWait(CLUSTER)).isFalse();
        worklist.changed(change());
        whileAsked = () -> {
            assertThat(worklist.hasWork(CLUSTER)).isTrue();
            assertThat(worklist.mayWait(CLUSTER)).isTrue();
            assertThat(worklist.mayBeLeft(CLUSTER)).isTrue();
        };
        assertThat(worklist.renew()).as("it was there before").isEmpty();
        assertThat(worklist.hasWork(CLUSTER)).as("the table knows of nothing").isFalse();
        assertThat(worklist.mayWait(CLUSTER)).isFalse();
    }

    @Test
    void whatChangesWhileTheDatabaseIsAskedIsNotForgotten() {
        whileAsked = () -> worklist.changed(change());
        worklist.renew();
        assertThat(worklist.hasWork(CLUSTER)).isTrue();
    }

    @Test
    void nothingIsForgottenWhenTheDatabaseDoesNotAnswer() {
        worklist.changed(change());
        whileAsked = () -> {
            throw new QueryTimeoutException("as a test has it");
        };
        assertThatThrownBy(worklist::renew).isInstanceOf(QueryTimeoutException.class);
        assertThatThrownBy(worklist::renew).isInstanceOf(QueryTimeoutException.class);
        assertThat(worklist.hasWork(CLUSTER)).isTrue();
    }

    /** A replica that begins to lead again does not know what another left. */
    @Test
    void anOldAnswerRulesNothingOut() {
        clock.advance(Duration.ofSeconds(6));
        assertThat(worklist.mayWait(CLUSTER)).isTrue();
        assertThat(worklist.mayBeLeft(CLUSTER)).isTrue();
        assertThat(worklist.mayBeOrdered(CLUSTER)).isTrue();
        worklist.renew();
        assertThat(worklist.mayBeLeft(CLUSTER)).isFalse();
    }

    private static JobChanged change() {
        return new JobChanged(new JobId("01JZQ2M5W3ZK7V9X0Y1B2C3D4E"), CLUSTER, JobState.QUEUED, false);
    }
}
