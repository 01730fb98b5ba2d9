package io.slipway.submission;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How plans are made.
 *
 * @param expiry how long a project that came with a plan can be named by its id without a job
 * @param python interpreter that reads, and never runs, a project's sources
 * @param analysisTimeout longest time for reading the sources of one project
 * @param maxAnalyses how many of them at once; each is a process that may take a gigabyte of memory
 * @param sweep how often expired projects are looked for
 */
@ConfigurationProperties("slipway.submission.plans")
record PlanSettings(
        @DefaultValue("24h") Duration expiry,
        @DefaultValue("python3") String python,
        @DefaultValue("20s") Duration analysisTimeout,
        @DefaultValue("2") int maxAnalyses,
        @DefaultValue("10m") Duration sweep) {}
