package io.slipway.jobs.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {

    @Test
    void aPercentileIsRightToATenth() {
        Random random = new Random(7);
        List<Long> millis = new ArrayList<>();
        Histogram histogram = new Histogram();
        for (int i = 0; i < 20_000; i++) {
            long time = (long) (1000 * Math.exp(4 + 1.5 * random.nextGaussian()));
            millis.add(time);
            histogram.add(Histogram.bucket(Duration.ofMillis(time)), 1);
        }
        Collections.sort(millis);
        for (double part : new double[] {0.5, 0.9, 0.99}) {
            double exact = millis.get((int) (part * millis.size()) - 1);
            assertThat(histogram.percentile(part).toMillis() / exact)
                    .as("percentile %s", part)
                    .isCloseTo(1, within(0.1));
        }
    }

    @Test
    void daysAddUp() {
        Histogram monday = new Histogram();
        monday.add(Histogram.bucket(Duration.ofSeconds(10)), 99);
        Histogram tuesday = new Histogram();
        tuesday.add(Histogram.bucket(Duration.ofHours(2)), 1);
        monday.add(tuesday);
        assertThat(monday.total()).isEqualTo(100);
        assertThat(monday.percentile(0.5)).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
        assertThat(monday.percentile(1)).isGreaterThan(Duration.ofMinutes(100));
    }

    @Test
    void theShortestAndTheLongestHaveBucketsToo() {
        assertThat(Histogram.bucket(Duration.ZERO)).isZero();
        assertThat(Histogram.bucket(Duration.ofMillis(99))).isZero();
        assertThat(Histogram.bucket(Duration.ofMillis(100))).isEqualTo(1);
        assertThat(Histogram.bucket(Duration.ofDays(365))).isLessThan(130);
        assertThat(new Histogram().percentile(0.5)).isNull();
    }
}
