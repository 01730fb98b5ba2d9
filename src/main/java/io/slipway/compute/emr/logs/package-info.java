/** Logs that EMR ships to S3: where they are, which container is the driver, and their bytes. */
@NullMarked
package io.slipway.compute.emr.logs;

import org.jspecify.annotations.NullMarked;
