package io.slipway.compute.local;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.ProgressFile;
import io.slipway.compute.ReportedEnd;
import io.slipway.compute.ResultsList;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunProgress;
import io.slipway.compute.RunResults;
import io.slipway.compute.RunSigns;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What runs of this machine leave in their folders. Their ends are known at once, so no driver has to report them. */
final class LocalSigns implements RunSigns {

    private static final int REMEMBERED = 200;

    private final Path runs;

    /** The last report, for how fast it goes; by the run's submission key. */
    private final Map<String, RunProgress> reported = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RunProgress> eldest) {
            return size() > REMEMBERED;
        }
    };

    LocalSigns(Path runs) {
        this.runs = runs;
    }

    @Override
    public Optional<ReportedEnd> end(RunOrder run) {
        return Optional.empty();
    }

    /** A small file of this machine is as near as memory. */
    @Override
    public Optional<RunProgress> progress(RunOrder run, boolean isWatched) {
        String key = run.run().submissionKey().value();
        synchronized (reported) {
            RunProgress before = reported.get(key);
            Optional<RunProgress> now = read(RunFolder.of(runs, run.run().submissionKey()), before);
            now.ifPresent(progress -> reported.put(key, progress));
            return now;
        }
    }

    private static Optional<RunProgress> read(RunFolder folder, @Nullable RunProgress before) {
        Path file = folder.path().resolve(ProgressFile.NAME);
        try {
            Instant at =
                    Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
            if (before != null && before.at().equals(at)) {
                return Optional.of(before);
            }
            try (InputStream in = open(file)) {
                return ProgressFile.read(in.readNBytes(ProgressFile.LARGEST + 1), before, at);
            }
        } catch (IOException nothingThere) {
            return Optional.empty();
        }
    }

    @Override
    public Set<String> silent() {
        return Set.of();
    }

    @Override
    public Optional<RunResults> results(RunOrder run) {
        try (InputStream in = open(folder(run).resolve(ResultsList.NAME))) {
            return ResultsList.read(in.readNBytes(ResultsList.LARGEST + 1));
        } catch (NoSuchFileException notYet) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ComputeUnavailable("The results of run " + run.run().submissionKey() + " cannot be read.", e);
        }
    }

    /** The run had a hand in that folder: nothing is reached through a link. */
    @Override
    public InputStream openResult(RunOrder run, String path) throws IOException {
        Path files = folder(run).resolve("files");
        Path file = files.resolve(path);
        boolean isThere = RunResults.isPlain(path) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        if (!isThere || !file.toRealPath().equals(runs.toRealPath().resolve(runs.relativize(file)))) {
            throw new FileNotFoundException(path);
        }
        return open(file);
    }

    private static InputStream open(Path file) throws IOException {
        return Channels.newInputStream(Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    private Path folder(RunOrder run) {
        return RunFolder.of(runs, run.run().submissionKey()).path().resolve("results");
    }
}
