package io.slipway.bench;

import io.slipway.OnH2;
import io.slipway.PersistenceTest;
import io.slipway.artifacts.Artifacts;
import io.slipway.compute.ClusterSightings;
import io.slipway.jobs.JobChanged;
import io.slipway.jobs.JobTransactions;
import io.slipway.reconcile.TurnedLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.TestPropertySource;

/** A table for {@link LiveJobs}, in an H2 database in memory. */
@PersistenceTest
@Import({JobTransactions.class, ClusterSightings.class, TurnedLoop.Table.class, LiveJobsContext.Changes.class})
@TestPropertySource(properties = "logging.level.io.slipway=warn")
@OnH2
abstract class LiveJobsContext {

    @Autowired
    private TurnedLoop.Table table;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private Changes changes;

    @Autowired
    private JdbcTemplate jdbc;

    @TestConfiguration(proxyBeanMethods = false)
    static class Changes {

        private LiveJobs listener;

        @EventListener
        void changed(JobChanged change) {
            if (listener != null) {
                listener.changed(change);
            }
        }
    }

    /** On an empty table. */
    LiveJobs start(int clusters, LiveJobs.News news, Duration meanRun) throws IOException {
        List.of("job_event", "job_label", "run", "cleanup", "job").forEach(name -> jdbc.update("delete from " + name));
        changes.listener = new LiveJobs(table, artifacts, clusters, news, meanRun);
        return changes.listener;
    }
}
