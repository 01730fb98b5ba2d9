package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.aws.AwsEnvironment;
import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterState;
import io.slipway.compute.OrderedClusters;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.Turns;
import io.slipway.compute.emr.client.CallBudget;
import io.slipway.compute.emr.client.EmrClients;
import io.slipway.compute.emr.client.EmrConnection;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.links.ConsoleLinks;
import io.slipway.project.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import software.amazon.awssdk.regions.Region;

class EmrComputeProviderTest {

    private static final EmrClusterSettings EMR = new EmrClusterSettings(EmrFixture.CLUSTER, 1, 2);

    @Test
    void anEmrClusterNeedsABucketAndSaysWhichSettingNamesIt() {
        EmrComputeProvider provider = new EmrComputeProvider(
                new EmrClustersSettings(Map.of()),
                EmrFixture.SETTINGS,
                new OnDisk(),
                ResultLimits.DEFAULT,
                new EmrConnection(
                        CircuitBreakerRegistry.ofDefaults(),
                        RetryRegistry.ofDefaults(),
                        new CallBudget(
                                EmrFixture.BUDGET, new TestLease(), Clock.systemUTC(), new SimpleMeterRegistry()),
                        new SimpleMeterRegistry(),
                        () -> {
                            throw new AssertionError("nothing of AWS is needed to find this out");
                        }),
                OrderedClusters.NONE,
                name -> Optional.empty(),
                Clock.systemUTC());

        assertThatThrownBy(() -> provider.create("analytics", EMR))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("slipway.clusters.analytics")
                .hasMessageContaining("slipway.artifacts.s3.bucket");
        assertThat(provider.names()).as("of what is configured, those of EMR").isEmpty();
    }

    @Test
    void makingAComputeCallsNobody() throws IOException {
        try (EmrFixture fixture = new EmrFixture()) {
            assertThat(fixture.compute.health().state()).isEqualTo(ClusterState.UNKNOWN);
            assertThat(fixture.emr.calls()).isEmpty();
        }
    }

    @Test
    void theEndpointAndRegionAreTheSdksOwn() throws IOException {
        try (EmrFixture fixture = new EmrFixture();
                AwsEnvironment aws = new AwsEnvironment()) {
            aws.with("aws.region", "eu-west-1")
                    .with("aws.endpointUrlEmr", fixture.emr.endpoint().toString());
            EmrComputeProvider provider = new EmrComputeProvider(
                    new EmrClustersSettings(Map.of()),
                    EmrFixture.SETTINGS,
                    fixture.store,
                    ResultLimits.DEFAULT,
                    new EmrConnection(
                            CircuitBreakerRegistry.ofDefaults(),
                            RetryRegistry.ofDefaults(),
                            new CallBudget(EmrFixture.BUDGET, fixture.lease, fixture.clock, fixture.meters),
                            fixture.meters,
                            () -> EmrClients.create(EmrFixture.SETTINGS, fixture.clock, fixture.lease)),
                    OrderedClusters.NONE,
                    name -> Optional.empty(),
                    fixture.clock);
            Cluster compute = provider.create("analytics", EMR);

            Turns.observe(compute, List.of());

            assertThat(compute.health().state()).isEqualTo(ClusterState.WAITING);
            assertThat(Turns.links(compute, fixture.order("job").run())
                            .get("console")
                            .toString())
                    .contains("region=eu-west-1");
            provider.close();
        }
    }

    @Test
    void theDefaultsOfTheSettingsAreThoseOfTheDesign() {
        EmrSettings defaults = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("slipway.compute.emr", EmrSettings.class);

        assertThat(defaults.callDeadline()).hasSeconds(10);
        assertThat(defaults.settle()).hasSeconds(10 + 300 + 60);
        assertThat(defaults.lookBack()).hasMinutes(5);
        assertThat(defaults.logPathStyle()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "eu-central-1, https://eu-central-1.console.aws.amazon.com/",
        "cn-north-1, https://cn-north-1.console.amazonaws.cn/",
        "us-gov-west-1, https://us-gov-west-1.console.amazonaws-us-gov.com/"
    })
    void theConsoleIsThatOfTheRegionsPartition(String region, String console) {
        assertThat(new ConsoleLinks(Region.of(region)).cluster("j-1").toString())
                .startsWith(console);
    }

    /** Keeps nothing and says that it is a disk. */
    private static final class OnDisk implements ArtifactStore {
        @Override
        public void put(ArtifactName name, Path file) {}

        @Override
        public void put(ArtifactName name, byte[] content) {}

        @Override
        public boolean exists(ArtifactName name) {
            return false;
        }

        @Override
        public InputStream open(ArtifactName name) {
            return InputStream.nullInputStream();
        }

        @Override
        public void delete(ArtifactName name) {}

        @Override
        public void deletePieces(ArtifactId projectId) {}

        @Override
        public URI uri(ArtifactName name) {
            return URI.create("file:///slipway/" + name.path());
        }
    }
}
