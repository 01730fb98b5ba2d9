package io.slipway.compute;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

/**
 * What runs tell of themselves, sooner than their cluster tells of them. It is shown as that, is a reason to look, and decides nothing:
 * whoever wrote it may be a stranger.
 */
public interface RunSigns {

    /** Of a cluster whose runs tell nothing. */
    RunSigns NONE = new RunSigns() {
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
            return Optional.empty();
        }

        @Override
        public InputStream openResult(RunOrder run, String path) throws IOException {
            throw new FileNotFoundException(path);
        }
    };

    /**
     * How the program of the run ended, by its own word. It asks the storage where runs leave such words, which may take seconds.
     *
     * @throws ComputeUnavailable when that storage does not answer
     */
    Optional<ReportedEnd> end(RunOrder run);

    /**
     * How far the run was when that was read last, by this replica. It answers from memory.
     *
     * @param isWatched whether somebody looks at this very run: what is new is fetched then, for the next time
     */
    Optional<RunProgress> progress(RunOrder run, boolean isWatched);

    /**
     * The submission keys of runs that this replica listens to, whose drivers were heard and have been silent for much longer than they
     * ever are. It answers from memory.
     */
    Set<String> silent();

    /**
     * The files that were kept at the end of the run; empty while there are none. It asks the storage where they lie.
     *
     * @throws ComputeUnavailable when that storage does not answer
     */
    Optional<RunResults> results(RunOrder run);

    /**
     * One of those files; the caller closes it. Links are not followed.
     *
     * @throws FileNotFoundException when it is not there
     */
    InputStream openResult(RunOrder run, String path) throws IOException;
}
