package io.slipway.compute;

import java.util.Optional;

/**
 * What runs tell of themselves, sooner than their cluster tells of them. It is shown as that, is a reason to look, and decides nothing:
 * whoever wrote it may be a stranger.
 */
public interface RunSigns {

    /** Of a cluster whose runs tell nothing. */
    RunSigns NONE = new RunSigns() {
        @Override
        public Optional<ToldEnd> end(RunOrder run) {
            return Optional.empty();
        }

        @Override
        public Optional<RunProgress> progress(RunOrder run, boolean isWatched) {
            return Optional.empty();
        }
    };

    /**
     * How the program of the run ended, by its own word. It asks the place where runs leave such words, which may take seconds.
     *
     * @throws ComputeUnavailable when that place does not answer
     */
    Optional<ToldEnd> end(RunOrder run);

    /**
     * How far the run was when that was read last, by this replica. It answers from memory.
     *
     * @param isWatched whether somebody looks at this very run: what is new is fetched then, for the next time
     */
    Optional<RunProgress> progress(RunOrder run, boolean isWatched);
}
