package io.slipway.environments.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.aws.EmrFault;
import io.slipway.aws.MovableClock;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.emr.OrderedEmr;
import io.slipway.compute.emr.client.ClusterChoice;
import io.slipway.compute.emr.client.EmrTargets;
import io.slipway.environments.BuildSite;
import io.slipway.environments.EnvironmentsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What tells the environments of clusters apart: an environment for one architecture cannot run on another. */
class BuildSitesTest {

    private static final String CLUSTER = "j-2AXXXXXXGAPLF";

    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));

    @TempDir
    Path folder;

    private OrderedEmr account;

    @BeforeEach
    void start() throws IOException {
        account = new OrderedEmr(clock, new SimpleMeterRegistry());
        account.emr.withCluster(CLUSTER, 10, null).released(CLUSTER, "emr-7.14.0");
    }

    @AfterEach
    void stop() {
        account.close();
    }

    private BuildSite site(EmrTargets.Ordered ordered) throws Exception {
        EnvironmentsSettings settings = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("slipway.environments", EnvironmentsSettings.class);
        StoreInS3 store = new StoreInS3(account.s3, "my-logs");
        EmrEnvironmentBuilder builder = new EmrEnvironmentBuilder(
                name -> Optional.of(
                        new EmrTargets.Target(new ClusterChoice.Fixed(CLUSTER), false, null, null, ordered)),
                account.connection,
                account.settings,
                settings,
                new BuildOrders(store, settings, new EmrEnvironmentsSettings(null), "isbusy"),
                new Publishing(store, (id, size) -> {}, folder, settings),
                clock);
        return builder.site("analytics", null, null);
    }

    @Test
    void aNamedClusterIsAskedOnceForWhichProcessorsItIsMade() throws Exception {
        account.emr.of(CLUSTER, "m7g.xlarge");

        assertThat(site(null).platform()).isEqualTo("emr-7.14.0, aarch64, of analytics");
        assertThat(site(null).platform()).isEqualTo("emr-7.14.0, aarch64, of analytics");
        assertThat(account.emr.calls("ListInstanceGroups")).hasSize(1);
    }

    @Test
    void aFleetIsAskedForItsTypes() throws Exception {
        account.emr.of(CLUSTER, "m5.xlarge", "m5a.xlarge");

        assertThat(site(null).platform()).isEqualTo("emr-7.14.0, x86_64, of analytics");
    }

    @Test
    void aServiceThatMayNotAskBuildsAllTheSame() throws Exception {
        account.emr.failNext("ListInstanceGroups", EmrFault.denied());

        assertThat(site(null).platform()).isEqualTo("emr-7.14.0 of analytics");
    }

    /** An environment whose key was made without it would be built a second time later. */
    @Test
    void nothingIsDecidedWhileEmrDoesNotAnswer() {
        for (int i = 0; i < 4; i++) {
            account.emr.failNext("ListInstanceGroups", EmrFault.error());
        }

        assertThatThrownBy(() -> site(null)).isInstanceOf(ComputeUnavailable.class);
    }

    @Test
    void aTemplateSaysItBeforeTheClusterIsThere() throws Exception {
        assertThat(site(new EmrTargets.Ordered("emr-7.14.0", List.of("m7g.xlarge", "r7g.xlarge"), null, List.of()))
                        .platform())
                .isEqualTo("emr-7.14.0, aarch64, of analytics");
        assertThat(site(new EmrTargets.Ordered("emr-7.14.0", List.of("m7g.xlarge", "m5.xlarge"), null, List.of()))
                        .platform())
                .as("EMR may choose either")
                .isEqualTo("emr-7.14.0 of analytics");
        assertThat(account.emr.calls("ListInstanceGroups")).isEmpty();
    }
}
