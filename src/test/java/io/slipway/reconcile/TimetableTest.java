package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TimetableTest {

    private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
    private static final Duration PERIOD = Duration.ofMinutes(30);

    @Test
    void aClustersTurnComesOnceInEachPeriodAndAtTheSameTimeOfIt() {
        List<Instant> turns = turns("cluster-1", 5);

        assertThat(turns).hasSize(5);
        assertThat(turns.get(0)).isBeforeOrEqualTo(START.plus(PERIOD));
        for (int turn = 1; turn < turns.size(); turn++) {
            assertThat(Duration.between(turns.get(turn - 1), turns.get(turn))).isEqualTo(PERIOD);
        }
    }

    /** As they are all looked at when a replica begins. */
    @Test
    void clustersThatBeganTogetherHaveTheirTurnsApart() {
        TreeMap<Long, Integer> inEachFifthOfThePeriod = new TreeMap<>();
        for (int number = 1; number <= 100; number++) {
            Duration first =
                    Duration.between(START, turns("cluster-" + number, 1).get(0));
            inEachFifthOfThePeriod.merge(first.toMinutes() / 6, 1, Integer::sum);
        }
        assertThat(inEachFifthOfThePeriod).hasSizeGreaterThanOrEqualTo(5);
        assertThat(inEachFifthOfThePeriod.values()).allMatch(clusters -> clusters <= 30);
    }

    private static List<Instant> turns(String cluster, int periods) {
        List<Instant> turns = new ArrayList<>();
        Instant last = START;
        Instant end = START.plus(PERIOD.multipliedBy(periods));
        for (Instant now = START; !now.isAfter(end); now = now.plusSeconds(1)) {
            if (Timetable.isTurn(cluster, last, now, PERIOD)) {
                turns.add(now);
                last = now;
            }
        }
        return turns;
    }
}
