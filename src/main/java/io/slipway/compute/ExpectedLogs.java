package io.slipway.compute;

import io.slipway.compute.LogStream.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a run's logs before one looks for them.
 *
 * @param streams those that every such run has, whether they are there or not
 * @param others roles of which there may be any number
 * @param coming whether more may come, of these or of others
 * @param pause after which another look for what is not there makes sense
 * @param notYet why a stream of a role may not be there yet, in a sentence
 * @param never why nothing that the run prints can ever be read; {@code null} when it can
 */
public record ExpectedLogs(
        List<LogStream> streams,
        Set<Role> others,
        boolean coming,
        Duration pause,
        Map<Role, String> notYet,
        @Nullable String never) {

    public ExpectedLogs {
        streams = List.copyOf(streams);
        others = Set.copyOf(others);
        notYet = Map.copyOf(notYet);
    }

    /** Whether the stream, which is not there, may come. */
    public boolean mayCome(LogStream stream) {
        return coming && never == null && isPossible(stream);
    }

    /** Whether such a run can have such a stream at all. */
    public boolean isPossible(LogStream stream) {
        return others.contains(stream.role()) || streams.contains(stream.ofAttempt(1));
    }

    /** Why there will never be such a stream, where that is more than that nothing was printed. */
    public Optional<String> whyNever(LogStream stream) {
        if (never != null) {
            return Optional.of(never);
        }
        boolean isInStdout = stream.ofAttempt(1).equals(LogStream.STDERR)
                && !isPossible(stream)
                && streams.contains(LogStream.STDOUT);
        return isInStdout
                ? Optional.of("Spark joins what the program prints to stderr into its stdout.")
                : Optional.empty();
    }

    public String notYet(LogStream stream) {
        return notYet.getOrDefault(stream.role(), "Nothing was written there yet.");
    }
}
