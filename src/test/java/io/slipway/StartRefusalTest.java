package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

/** What the service refuses to start with, and the setting that it names. */
class StartRefusalTest {

    private static final String TOKEN =
            "--slipway.security.tokens.ann=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static final String CLUSTER = "--slipway.clusters.analytics.emr.cluster-id=j-2AXXXXXXGAPLF";

    @TempDir
    private Path home;

    @Test
    void namesTheDatabaseThatProfileAwsLacks() {
        assertRefused("--spring.profiles.active=aws").contains("spring.datasource.url", "It is not set");
    }

    @Test
    void doesNotTakeAnEmbeddedDatabaseForProfileAws() {
        assertRefused("--spring.profiles.active=aws", "--spring.datasource.url=jdbc:h2:mem:x")
                .contains("spring.datasource.url", "jdbc:h2:mem:x");
    }

    @Test
    void namesTheBucketThatProfileAwsLacks() {
        assertRefused(aws(TOKEN, CLUSTER)).contains("slipway.artifacts.s3.bucket");
    }

    @Test
    void namesTheClusterThatProfileAwsLacks() {
        assertRefused(aws(TOKEN, "--slipway.artifacts.local.enabled=true"))
                .contains("slipway.clusters.<name>.emr.cluster-id");
    }

    @Test
    void namesTheTokensThatAnOpenPortLacks() {
        assertRefused(embedded("--server.address=0.0.0.0", "--slipway.compute.local.remote-callers=true"))
                .contains("slipway.security.tokens", "slipway.security.anonymous");
    }

    @Test
    void doesNotRunWhatStrangersSendUnlessToldSo() {
        assertRefused(embedded("--server.address=0.0.0.0", TOKEN)).contains("slipway.compute.local.remote-callers");
        assertRefused(embedded("--server.address=", TOKEN)).contains("slipway.compute.local.remote-callers");
    }

    @Test
    void runsWhatStrangersSendWhenToldSo() {
        try (ConfigurableApplicationContext started =
                start(embedded("--server.address=0.0.0.0", TOKEN, "--slipway.compute.local.remote-callers=true"))) {
            assertThat(started.isRunning()).isTrue();
        }
    }

    private String[] aws(String... more) {
        List<String> all = new ArrayList<>(List.of(embedded(more)));
        all.add("--spring.profiles.active=aws");
        Databases.Database database = Databases.postgres();
        all.add("--spring.datasource.url=" + database.url());
        all.add("--spring.datasource.username=" + database.user());
        all.add("--spring.datasource.password=" + database.password());
        return all.toArray(String[]::new);
    }

    private String[] embedded(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("--slipway.home=" + home);
        all.add("--server.port=0");
        return all.toArray(String[]::new);
    }

    private static AbstractStringAssert<?> assertRefused(String... settings) {
        Throwable refusal = catchThrowable(() -> start(settings).close());
        FailureAnalysis shown = new StartRefusal().analyze(refusal);
        assertThat(shown).as("what the console says about %s", refusal).isNotNull();
        return assertThat(shown.getDescription());
    }

    private static ConfigurableApplicationContext start(String... settings) {
        return SpringApplication.run(SlipwayApplication.class, settings);
    }
}
