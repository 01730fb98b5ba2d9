package io.slipway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.LogStream;
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

    private final Map<LogStream, LogWindow> logs = new HashMap<>();

    @Test
    void areThoseOfTheFirstLogThatHasSome() {
        log(LogStream.STDOUT, List.of("all is well"), 1, null);
        log(LogStream.STDERR, CAUGHT, 1, null);
        assertThat(words().traceback().error()).isEqualTo("KeyError: 'x'");
        assertThat(words().isBeingInflated()).isFalse();
    }

    @Test
    void areNotKnownWhileALogIsInflatedHoweverMuchOfItIsThere() {
        log(LogStream.STDOUT, CAUGHT, 0.7, null);
        log(LogStream.STDERR, CAUGHT, 1, null);
        assertThat(words().traceback()).isNull();
        assertThat(words().isBeingInflated()).isTrue();
    }

    @Test
    void areNotTakenFromALogThatBreaksOff() {
        log(LogStream.STDOUT, CAUGHT, 1, "Its compressed file is damaged.");
        assertThat(words().traceback()).isNull();
        assertThat(words().trouble()).isEqualTo("Its compressed file is damaged.");
    }

    private LastWords words() {
        return LastWords.of(List.of(LogStream.STDOUT, LogStream.STDERR), name -> {
            LogWindow log = logs.get(name);
            if (log == null) {
                throw UnknownLog.never(name.toString());
            }
            return log;
        });
    }

    private void log(LogStream name, List<String> lines, double progress, @Nullable String trouble) {
        logs.put(name, new LogWindow(0, 100, null, 1L, lines, new LogWindow.Extent(100, progress, trouble)));
    }
}
