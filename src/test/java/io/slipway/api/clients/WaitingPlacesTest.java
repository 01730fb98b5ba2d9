package io.slipway.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.clients.WaitingPlaces.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class WaitingPlacesTest {

    private final WaitingPlaces places = new WaitingPlaces(
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
        assertThat(taken(WaitingPlaces.NOBODY)).hasSize(25);
        assertThat(taken("alice")).hasSize(50);
        assertThat(taken("bob")).hasSize(25);
        assertThat(taken("carol")).isEmpty();
        assertThat(places.taken()).isEqualTo(100);
    }

    @Test
    void aPlaceThatIsGivenBackIsTakenAgain() {
        List<Place> alice = taken("alice");
        assertThat(places.isFull("alice")).isTrue();
        assertThat(places.isFull("bob")).isFalse();
        alice.get(0).close();
        assertThat(places.isFull("alice")).isFalse();
        alice.subList(1, alice.size()).forEach(Place::close);
        assertThat(places.taken()).isZero();
    }

    private List<Place> taken(String owner) {
        List<Place> all = new ArrayList<>();
        for (Place place = places.take(owner); place != null; place = places.take(owner)) {
            all.add(place);
        }
        return all;
    }
}
