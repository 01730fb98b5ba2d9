/** Runs as steps of an Amazon EMR cluster. */
@NullMarked
package io.slipway.compute.emr;

import org.jspecify.annotations.NullMarked;
