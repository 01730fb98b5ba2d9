package io.slipway.compute;

import java.util.Optional;

/**
 * What runs tell of themselves, sooner than their cluster tells of them. It is shown as that, is a reason to look, and decides nothing:
 * whoever wrote it may be a stranger.
 */
public interface RunSigns {

    /** Of a cluster whose runs tell nothing. */
    RunSigns NONE = run -> Optional.empty();

    /**
     * How the program of the run ended, by its own word. It asks the place where runs leave such words, which may take seconds.
     *
     * @throws ComputeUnavailable when that place does not answer
     */
    Optional<ToldEnd> end(RunOrder run);
}
