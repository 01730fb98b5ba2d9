package io.slipway.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.clients.WaitingSlots.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class WaitingSlotsTest {

    private final WaitingSlots slots = new WaitingSlots(
            200,
            new ClientSettings(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    DataSize.ofKilobytes(10),
                    DataSize.ofKilobytes(64),
                    0,
                    0));

    @Test
    void strangersHaveAnEighthOfTheThreadsAnOwnerAQuarterAndAllTogetherHalf() {
        assertThat(taken(WaitingSlots.NOBODY)).hasSize(25);
        assertThat(taken("alice")).hasSize(50);
        assertThat(taken("bob")).hasSize(25);
        assertThat(taken("carol")).isEmpty();
        assertThat(slots.taken()).isEqualTo(100);
    }

    @Test
    void aPlaceThatIsGivenBackIsTakenAgain() {
        List<Slot> alice = taken("alice");
        assertThat(slots.isFull("alice")).isTrue();
        assertThat(slots.isFull("bob")).isFalse();
        alice.get(0).close();
        assertThat(slots.isFull("alice")).isFalse();
        alice.subList(1, alice.size()).forEach(Slot::close);
        assertThat(slots.taken()).isZero();
    }

    private List<Slot> taken(String owner) {
        List<Slot> all = new ArrayList<>();
        for (Slot slot = slots.take(owner); slot != null; slot = slots.take(owner)) {
            all.add(slot);
        }
        return all;
    }
}
