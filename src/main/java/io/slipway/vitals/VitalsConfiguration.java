package io.slipway.vitals;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.task.SimpleAsyncTaskSchedulerCustomizer;
import org.springframework.boot.task.ThreadPoolTaskExecutorCustomizer;
import org.springframework.boot.task.ThreadPoolTaskSchedulerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.IntervalTask;

/** The three parts that have to go round for ever, each with its heartbeat, and the pools whose work may throw. */
@Configuration(proxyBeanMethods = false)
class VitalsConfiguration {

    private static final Logger log = LoggerFactory.getLogger(VitalsConfiguration.class);

    private static final Duration AFTER_THE_START = Duration.ofSeconds(1);

    @Bean
    Heartbeat loopHeartbeat() {
        return new Heartbeat(System::nanoTime);
    }

    @Bean
    Heartbeat feedHeartbeat() {
        return new Heartbeat(System::nanoTime);
    }

    @Bean
    Heartbeat schedulerHeartbeat() {
        return new Heartbeat(System::nanoTime);
    }

    @Bean
    HealthIndicator loopHealthIndicator(@Qualifier("loopHeartbeat") Heartbeat loop, VitalsSettings settings) {
        return health(loop, settings);
    }

    @Bean
    HealthIndicator feedHealthIndicator(@Qualifier("feedHeartbeat") Heartbeat feed, VitalsSettings settings) {
        return health(feed, settings);
    }

    @Bean
    HealthIndicator schedulerHealthIndicator(
            @Qualifier("schedulerHeartbeat") Heartbeat scheduler, VitalsSettings settings) {
        return health(scheduler, settings);
    }

    private static HealthIndicator health(Heartbeat heartbeat, VitalsSettings settings) {
        return () -> heartbeat
                .silent(settings.silence())
                .map(silent -> Health.down().withDetail("silent", silent).build())
                .orElseGet(() -> Health.up().build());
    }

    /**
     * Scheduled work begins a second after the start, like the loop: what it needs is made with its first use, and who starts the service
     * would wait for that.
     */
    @Bean
    SchedulingConfigurer scheduledWorkWaitsForTheStart() {
        return registrar -> registrar.setFixedDelayTasksList(registrar.getFixedDelayTaskList().stream()
                .map(VitalsConfiguration::afterTheStart)
                .toList());
    }

    private static IntervalTask afterTheStart(IntervalTask task) {
        return task.getInitialDelayDuration().isZero()
                ? new IntervalTask(task.getRunnable(), task.getIntervalDuration(), AFTER_THE_START)
                : task;
    }

    @Bean
    ThreadPoolTaskSchedulerCustomizer scheduledWorkThatThrows(Faults faults) {
        return scheduler -> scheduler.setErrorHandler(failure -> ofSchedule(faults, failure));
    }

    @Bean
    SimpleAsyncTaskSchedulerCustomizer scheduledWorkThatThrowsOnVirtualThreads(Faults faults) {
        return scheduler -> scheduler.setErrorHandler(failure -> ofSchedule(faults, failure));
    }

    @Bean
    ThreadPoolTaskExecutorCustomizer executedWorkThatThrows(Faults faults) {
        return executor -> executor.setTaskDecorator(work -> faults.once("executor", work));
    }

    /** What fails now, because the database is away say, is done again anyway. */
    private static void ofSchedule(Faults faults, Throwable failure) {
        if (failure instanceof Error) {
            faults.caught("scheduler", failure);
        } else {
            log.warn("Scheduled work failed and is tried again: {}", failure.toString(), failure);
        }
    }
}
