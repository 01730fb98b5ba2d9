package io.slipway.artifacts.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration;
import io.github.resilience4j.springboot.retry.autoconfigure.RetryAutoConfiguration;
import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.SimulatedS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class S3SettingsTest {

    @TempDir
    Path home;

    private AwsEnvironment environment;
    private SimulatedS3 s3;

    @BeforeEach
    void start() throws IOException {
        s3 = SimulatedS3.start().withBucket("my-bucket");
        environment = new AwsEnvironment().withS3(s3.endpoint());
    }

    @AfterEach
    void stop() {
        environment.close();
        s3.close();
    }

    @Test
    void keepsArtifactsOnThisMachineWithoutABucket() {
        context()
                .run(context -> assertThat(context.getBean(ArtifactStore.class).uri(ArtifactName.launch("a-1")))
                        .hasScheme("file"));
    }

    @Test
    void takesAnEmptyBucketForNone() {
        context("slipway.artifacts.s3.bucket=")
                .run(context -> assertThat(context.getBean(ArtifactStore.class).uri(ArtifactName.launch("a-1")))
                        .hasScheme("file"));
    }

    @Test
    void keepsArtifactsInTheBucketThatIsSetWithoutCallingItAtTheStart() {
        context("slipway.artifacts.s3.bucket=my-bucket").run(context -> {
            ArtifactStore store = context.getBean(ArtifactStore.class);
            assertThat(store.uri(ArtifactName.launch("a-1")))
                    .hasToString("s3://my-bucket/slipway/launches/launch_a-1.json");
            assertThat(s3.calls()).isEmpty();
            store.put(ArtifactName.launch("a-1"), new byte[0]);
            assertThat(s3.keys("my-bucket")).containsExactly("slipway/launches/launch_a-1.json");
        });
    }

    @ParameterizedTest
    @CsvSource({"/a/b/,a/b/", "a,a/", "'',''", "/,''"})
    void normalisesThePrefix(String prefix, String wanted) {
        context("slipway.artifacts.s3.bucket=my-bucket", "slipway.artifacts.s3.prefix=" + prefix)
                .run(context -> assertThat(context.getBean(ArtifactStore.class).uri(ArtifactName.launch("a-1")))
                        .hasToString("s3://my-bucket/" + wanted + "launches/launch_a-1.json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slipway.artifacts.s3.bucket=s3://my-bucket",
                "slipway.artifacts.s3.bucket=my-bucket/path",
                "slipway.artifacts.s3.part-size=1MB",
                "slipway.artifacts.s3.multipart-threshold=6GB",
                "slipway.artifacts.s3.checksums=sometimes"
            })
    void refusesSettingsThatCannotWork(String setting) {
        context("slipway.artifacts.s3.bucket=my-bucket", setting).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).hasStackTraceContaining("slipway.artifacts.s3");
        });
    }

    @Test
    void refusesToStartWithAHomeThatIsNoFolder() throws IOException {
        Path file = Files.createFile(home.resolve("file"));
        context("slipway.home=" + file)
                .run(context ->
                        assertThat(context.getStartupFailure()).hasStackTraceContaining("slipway.home is " + file));
    }

    @Test
    @DisabledIfEnvironmentVariable(named = "AWS_REGION", matches = ".+", disabledReason = "it would be found there")
    void asksForARegion() {
        environment.without("aws.region");
        context("slipway.artifacts.s3.bucket=my-bucket")
                .run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining("set AWS_REGION"));
    }

    @Test
    void honoursTheEndpointForAllServicesToo() {
        environment
                .without("aws.endpointUrlS3")
                .with("aws.endpointUrl", s3.endpoint().toString());
        context("slipway.artifacts.s3.bucket=my-bucket").run(context -> {
            context.getBean(ArtifactStore.class).put(ArtifactName.launch("a-1"), new byte[0]);
            assertThat(s3.keys("my-bucket")).hasSize(1);
        });
    }

    @Test
    void letsTheNumbersOfTheCircuitBreakerBeSet() {
        context(
                        "slipway.artifacts.s3.bucket=my-bucket",
                        "resilience4j.circuitbreaker.instances.s3.sliding-window-size=7")
                .run(context -> {
                    var config = context.getBean(CircuitBreakerRegistry.class)
                            .circuitBreaker("s3")
                            .getCircuitBreakerConfig();
                    assertThat(config.getSlidingWindowSize()).isEqualTo(7);
                    assertThat(config.getRecordExceptionPredicate().test(new IllegalStateException()))
                            .isFalse();
                });
    }

    private ApplicationContextRunner context(String... settings) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ValidationAutoConfiguration.class,
                        CircuitBreakerAutoConfiguration.class,
                        RetryAutoConfiguration.class))
                .withUserConfiguration(Artifacts.class)
                // For the rows of artifacts, which nobody asks here.
                .withBean(JdbcTemplate.class, () -> new JdbcTemplate(new DriverManagerDataSource("jdbc:h2:mem:nobody")))
                .withPropertyValues("slipway.home=" + home)
                .withPropertyValues(settings);
    }

    @ComponentScan("io.slipway.artifacts")
    @ConfigurationPropertiesScan("io.slipway.artifacts")
    static class Artifacts {}
}
