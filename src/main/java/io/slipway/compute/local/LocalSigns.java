package io.slipway.compute.local;

import io.slipway.compute.ComputeUnavailable;
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
import java.util.Optional;
import java.util.Set;

/** What runs of this machine leave in their folders. Their ends are known at once, so no driver has to tell them. */
record LocalSigns(Path runs) implements RunSigns {

    @Override
    public Optional<ReportedEnd> end(RunOrder run) {
        return Optional.empty();
    }

    @Override
    public Optional<RunProgress> progress(RunOrder run, boolean isWatched) {
        return Optional.empty();
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
