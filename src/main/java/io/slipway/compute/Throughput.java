package io.slipway.compute;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tasks that were done between two words of a driver, in a second. A stage that has ended meanwhile is in neither: it counts as nothing. */
final class Throughput {

    private Throughput() {}

    static @Nullable Double between(RunProgress before, List<RunProgress.Stage> now, Instant at) {
        double seconds = Duration.between(before.at(), at).toMillis() / 1000.0;
        if (seconds <= 0) {
            return before.tasksPerSecond();
        }
        Map<Integer, Integer> known = before.stages().stream()
                .collect(Collectors.toMap(RunProgress.Stage::id, RunProgress.Stage::completed, Math::max));
        long done = now.stream()
                .mapToLong(stage -> Math.max(0, stage.completed() - known.getOrDefault(stage.id(), 0)))
                .sum();
        return Math.round(10 * done / seconds) / 10.0;
    }
}
