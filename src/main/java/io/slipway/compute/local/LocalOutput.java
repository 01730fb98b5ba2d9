package io.slipway.compute.local;

import io.slipway.compute.ExpectedLogs;
import io.slipway.compute.LogStream;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunOutput;
import io.slipway.compute.RunStream;
import io.slipway.compute.SparkUi;
import io.slipway.jobs.Application;
import io.slipway.jobs.RunRef;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** What the runs of this machine wrote into their folders. */
record LocalOutput(Path runs) implements RunOutput {

    private static final Logger log = LoggerFactory.getLogger(LocalOutput.class);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    @Override
    public ExpectedLogs expectedLogs(RunOrder order, @Nullable Instant endedAt) {
        RunFolder folder = folder(order.run());
        boolean started = folder.isStarted();
        return new ExpectedLogs(
                started
                        ? folder.streams().stream().map(RunStream::id).toList()
                        : List.of(LogStream.STDOUT, LogStream.STDERR),
                started ? Set.of() : Set.of(LogStream.Role.SPARK),
                endedAt == null,
                LOOK_AGAIN,
                Map.of(),
                null);
    }

    @Override
    public List<RunStream> streams(RunOrder order, @Nullable Instant endedAt) {
        RunFolder folder = folder(order.run());
        return folder.isStarted() ? folder.streams() : List.of();
    }

    @Override
    public Optional<Application> findApplication(RunOrder run) {
        return Optional.empty();
    }

    @Override
    public Map<String, URI> links(RunRef run) {
        return Map.of();
    }

    @Override
    public SparkUi sparkUi(RunOrder run, @Nullable Instant endedAt) {
        return new SparkUi.None("Runs on this machine have no Spark UI that could be linked to.");
    }

    @Override
    public boolean forget(RunRef run) {
        RunFolder folder = folder(run);
        try {
            if (folder.isStarted() && folder.isSupervised()) {
                return false;
            }
            FileSystemUtils.deleteRecursively(folder.path());
            return true;
        } catch (IOException e) {
            log.warn("The folder of run {} could not be removed: {}", run.submissionKey(), e.toString());
            return false;
        }
    }

    private RunFolder folder(RunRef run) {
        return RunFolder.of(runs, run.submissionKey());
    }
}
