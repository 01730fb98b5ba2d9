package io.slipway.compute;

import java.io.InputStream;

/** Bytes that come from a source of known length, though how many they will be is not known: a compressed log. */
public abstract class MeasuredStream extends InputStream {

    /** How much of the source has been read, 0 to 1. */
    public abstract double share();
}
