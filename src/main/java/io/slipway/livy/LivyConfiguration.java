package io.slipway.livy;

import io.slipway.control.CancelJob;
import io.slipway.jobs.Jobs;
import io.slipway.logs.JobLogs;
import io.slipway.submission.Submission;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Nothing of this room is there while it is off. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("slipway.livy.enabled")
@EnableConfigurationProperties(LivySettings.class)
class LivyConfiguration {

    @Bean
    Batches livyBatches(JdbcClient database) {
        return new Batches(database);
    }

    @Bean
    BatchesController livyController(
            Batches batches, Jobs jobs, Submission submission, CancelJob cancel, JobLogs logs) {
        return new BatchesController(batches, jobs, submission, cancel, new BatchLog(logs));
    }

    @Bean
    LivyRefusals livyRefusals() {
        return new LivyRefusals();
    }
}
