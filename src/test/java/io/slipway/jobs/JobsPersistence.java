package io.slipway.jobs;

import io.slipway.PersistenceTest;
import io.slipway.artifacts.Artifacts;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What the suites of this room share. Each test has owners and clusters of its own, so that none sees another's jobs. */
@PersistenceTest
@Import({JobTransactions.class, JobList.class, KnownJobs.class, JobsPersistence.Fixture.class})
abstract class JobsPersistence {

    final String ann = "ann-" + UUID.randomUUID();
    final String bob = "bob-" + UUID.randomUUID();
    final String cluster = "cluster-" + UUID.randomUUID();

    @Autowired
    Jobs jobs;

    @Autowired
    JobTransactions transactions;

    @Autowired
    StoredJobs stored;

    @TestConfiguration(proxyBeanMethods = false)
    static class Fixture {
        @Bean
        StoredJobs storedJobs(JobTransactions transactions, Artifacts artifacts) {
            return new StoredJobs(transactions, artifacts);
        }
    }
}
