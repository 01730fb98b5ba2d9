package io.slipway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Nothing is taken for a program's last words but the end of a log. */
class LastWordsTest {

    private static final List<String> CAUGHT =
            "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'x'"
                    .lines()
                    .toList();

    private final Map<String, LogWindow> logs = new HashMap<>();

    @Test
    void areThoseOfTheFirstLogThatHasSome() {
        log("driver-stdout", List.of("all is well"), 1, null);
        log("stderr", CAUGHT, 1, null);
        assertThat(words().traceback().error()).isEqualTo("KeyError: 'x'");
        assertThat(words().isBeingInflated()).isFalse();
    }

    @Test
    void areNotKnownWhileALogIsInflatedHoweverMuchOfItIsThere() {
        log("driver-stdout", CAUGHT, 0.7, null);
        log("stderr", CAUGHT, 1, null);
        assertThat(words().traceback()).isNull();
        assertThat(words().isBeingInflated()).isTrue();
    }

    @Test
    void areNotTakenFromALogThatBreaksOff() {
        log("driver-stdout", CAUGHT, 1, "Its compressed file is damaged.");
        assertThat(words().traceback()).isNull();
        assertThat(words().trouble()).isEqualTo("Its compressed file is damaged.");
    }

    private LastWords words() {
        return LastWords.of(List.of("driver-stdout", "stderr"), name -> {
            LogWindow log = logs.get(name);
            if (log == null) {
                throw new UnknownLog(name);
            }
            return log;
        });
    }

    private void log(String name, List<String> lines, double progress, @Nullable String trouble) {
        logs.put(name, new LogWindow(0, 100, null, 1L, lines, new LogWindow.Extent(100, progress, trouble)));
    }
}
