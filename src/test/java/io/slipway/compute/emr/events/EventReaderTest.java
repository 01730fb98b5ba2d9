package io.slipway.compute.emr.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.EmrEvents;
import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventReaderTest {

    private static final String CLUSTER = "j-2AXXXXXXGAPLF";

    /** As AWS's guide shows one (emr-facts, section 7), but for the name, which is ours. */
    private static final String DOCUMENTED = """
        {"version":"0","id":"999cccaa-eaaa-0000-1111-123456789012","detail-type":"EMR Step Status Change","source":"aws.emr",
         "account":"123456789012","time":"2016-12-16T20:53:09Z","region":"us-east-1","resources":[],
         "detail":{"severity":"ERROR","actionOnFailure":"CONTINUE","stepId":"s-1YM1IBI7IEVKA","name":"squares [01J0-1]",
         "clusterId":"j-2AXXXXXXGAPLF","state":"FAILED",
         "message":"Step s-1YM1IBI7IEVKA (squares [01J0-1]) in Amazon EMR cluster j-2AXXXXXXGAPLF failed at 2016-12-16 20:53 UTC."}}\
        """;

    private final EventReader reader =
            new EventReader(id -> id.equals(CLUSTER) ? List.of("analytics", "nightly") : List.of());

    @Test
    void aStepsEventIsAHintAboutItsRunUnderEachNameOfItsCluster() {
        assertThat(reader.clusterEvents(DOCUMENTED))
                .containsExactly(
                        new ClusterEvent("analytics", new SubmissionKey("01J0-1"), "s-1YM1IBI7IEVKA", Phase.FAILED),
                        new ClusterEvent("nightly", new SubmissionKey("01J0-1"), "s-1YM1IBI7IEVKA", Phase.FAILED));
    }

    @Test
    void knowsTheStatesThatEmrTellsAndLooksForItselfAtTheOthers() {
        assertThat(phase("PENDING")).isEqualTo(Phase.PENDING);
        assertThat(phase("CANCEL_PENDING")).isEqualTo(Phase.PENDING);
        assertThat(phase("RUNNING")).isEqualTo(Phase.RUNNING);
        assertThat(phase("COMPLETED")).isEqualTo(Phase.SUCCEEDED);
        assertThat(phase("CANCELLED")).isEqualTo(Phase.CANCELLED);
        assertThat(phase("FAILED")).isEqualTo(Phase.FAILED);
        assertThat(phase("INTERRUPTED")).isNull();
        assertThat(phase("A_STATE_OF_NEXT_YEAR")).isNull();
    }

    @Test
    void aClustersEventIsAHintAboutTheClusterWhateverItsReasonIs() {
        String event = EmrEvents.ofCluster(Clock.systemUTC(), CLUSTER, "TERMINATED");
        assertThat(event).contains("\"stateChangeReason\":\"{\\\"code\\\"");
        assertThat(reader.clusterEvents(event))
                .containsExactly(ClusterEvent.ofCluster("analytics"), ClusterEvent.ofCluster("nightly"));
        assertThat(reader.clusterEvents(event.replace("{\\\"code\\\"", "not json")))
                .containsExactly(ClusterEvent.ofCluster("analytics"), ClusterEvent.ofCluster("nightly"));
    }

    @Test
    void whatIsAboutOthersOrIsNoEventIsNoHint() {
        assertThat(reader.clusterEvents(DOCUMENTED.replace(CLUSTER, "j-OTHER"))).isEmpty();
        assertThat(reader.clusterEvents(DOCUMENTED.replace("[01J0-1]", "by hand")))
                .isEmpty();
        for (String malformed : List.of(
                "", "no json", "[]", "null", "{\"detail\":7}", "{\"detail\":{\"stepId\":[]}}", "{\"detail\":")) {
            assertThat(reader.clusterEvents(malformed)).as(malformed).isEmpty();
        }
    }

    private Phase phase(String state) {
        return reader.clusterEvents(EmrEvents.ofStep(Clock.systemUTC(), CLUSTER, "s-1", "squares [01J0-1]", state))
                .get(0)
                .phase();
    }
}
