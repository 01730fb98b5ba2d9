package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentJobsTest {

    private final RecentJobs<String> recent = new RecentJobs<>(10, String::length);

    private static JobId id(int number) {
        return new JobId("%026d".formatted(number));
    }

    @Test
    void keepsNoMoreThanItsBytes() {
        recent.put(id(1), "1234");
        recent.put(id(2), "1234");
        recent.put(id(3), "1234");
        assertThat(recent.get(id(1))).isNull();
        assertThat(recent.get(id(2))).isEqualTo("1234");
        assertThat(recent.get(id(3))).isEqualTo("1234");
    }

    @Test
    void letsGoOfWhatWasReadLongestAgo() {
        recent.put(id(1), "1234");
        recent.put(id(2), "1234");
        recent.get(id(1));
        recent.put(id(3), "1234");
        assertThat(recent.get(id(2))).isNull();
        assertThat(recent.get(id(1))).isEqualTo("1234");
    }

    @Test
    void countsAJobOnceHoweverOftenItIsWrittenAnew() {
        recent.put(id(2), "12");
        for (int again = 0; again < 20; again++) {
            recent.put(id(1), "1234");
        }
        assertThat(recent.get(id(2))).isEqualTo("12");
        recent.remove(id(1));
        recent.remove(id(1));
        recent.put(id(3), "12345678");
        assertThat(recent.get(id(2))).isEqualTo("12");
        assertThat(recent.get(id(3))).isEqualTo("12345678");
    }

    @Test
    void doesNotKeepWhatIsTooLongByItself() {
        recent.put(id(1), "12345678901");
        assertThat(recent.get(id(1))).isNull();
    }
}
