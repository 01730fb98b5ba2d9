package io.slipway.compute.emr.logs;

import io.slipway.compute.RunStream;
import java.util.List;

/** One source from which something of what runs print can be read. */
public interface LogSource {

    /**
     * @return what is there of the run, each stream once; empty for a run that it knows nothing of
     * @throws io.slipway.compute.ComputeUnavailable when the source does not answer
     */
    List<RunStream> streams(LoggedRun run);
}
