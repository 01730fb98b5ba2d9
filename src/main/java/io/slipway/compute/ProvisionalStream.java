package io.slipway.compute;

import java.io.IOException;

/** What is known of a stream until the truth is here: other bytes may come under the same name and offsets. */
public interface ProvisionalStream extends RunStream {

    /**
     * Where those bytes begin that are the next to be known from a position on: the position itself, unless what follows it is not known
     * yet. Who reads there all the same gets lines that say so.
     */
    long afterGap(long offset) throws IOException;
}
