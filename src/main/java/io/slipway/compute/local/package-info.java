/** Runs as processes of this machine, each under a supervisor that outlives the service. */
@NullMarked
package io.slipway.compute.local;

import org.jspecify.annotations.NullMarked;
