package io.slipway.compute.emr.logs;

import io.slipway.compute.RunStream;
import java.time.Instant;

/** A stream that EMR brings to S3 every few minutes: it is whole when it was brought after the end of the run. */
public interface ShippedStream extends RunStream {

    /** When the last of it came. */
    Instant shippedAt();
}
