package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.EmrFault;
import io.slipway.compute.ClusterState;
import io.slipway.compute.NodeSystem;
import io.slipway.compute.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** For which processors a cluster's nodes are made is learned with the first look at it, by one more call. */
class ArchitecturesTest {

    private EmrFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private Optional<String> seen() {
        fixture.clock.advance(Duration.ofMinutes(1));
        Turns.observe(fixture.compute, List.of());
        return fixture.compute.preview().nodes().map(NodeSystem::architecture);
    }

    @Test
    void theTypeOfThePrimaryGroupSaysIt() {
        fixture.emr.of(EmrFixture.CLUSTER, "m7g.xlarge");

        assertThat(seen()).contains("aarch64");
        assertThat(seen()).contains("aarch64");
        assertThat(fixture.emr.calls("ListInstanceGroups")).hasSize(1);
        assertThat(fixture.emr.calls("ListInstanceFleets")).isEmpty();
    }

    @Test
    void theTypesOfAFleetSayItWhereTheyAgree() {
        fixture.emr.of(EmrFixture.CLUSTER, "m7g.xlarge", "r8g.xlarge");

        assertThat(seen()).contains("aarch64");
        assertThat(fixture.emr.calls("ListInstanceGroups")).isEmpty();
    }

    @Test
    void aFleetOfBothIsNotKnown() {
        fixture.emr.of(EmrFixture.CLUSTER, "m7g.xlarge", "m5.xlarge");

        assertThat(seen()).isEmpty();
    }

    @Test
    void nothingElseDependsOnTheAnswer() {
        fixture.emr.failNext("ListInstanceGroups", EmrFault.denied());

        assertThat(seen()).isEmpty();
        assertThat(fixture.compute.health().state()).isEqualTo(ClusterState.WAITING);
        assertThat(seen()).as("who may not ask does not ask again").isEmpty();
        assertThat(fixture.emr.calls("ListInstanceGroups")).hasSize(1);
    }

    @Test
    void anOutageIsAskedAgain() {
        for (int i = 0; i < 4; i++) {
            fixture.emr.failNext("ListInstanceGroups", EmrFault.error());
        }
        assertThat(seen()).isEmpty();
        assertThat(seen()).contains("x86_64");
    }
}
