package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UploadSlotsTest {

    private final UploadSlots slots = new UploadSlots(16, 12);

    @Test
    void anOwnerAloneHasTheirWholeShare() {
        assertThat(taken("alice", 100)).isEqualTo(12);
    }

    @Test
    void twoWhoTakeAllTheyCanLeaveOneToAThird() {
        taken("alice", 100);
        assertThat(taken("carol", 100)).isEqualTo(3);
        assertThat(slots.take("bob")).isTrue();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        taken("alice", 100);
        slots.giveBack("alice");
        assertThat(slots.take("alice")).isTrue();
        assertThat(slots.take("alice")).isFalse();
    }

    private int taken(String owner, int tries) {
        return (int) IntStream.range(0, tries).filter(each -> slots.take(owner)).count();
    }
}
