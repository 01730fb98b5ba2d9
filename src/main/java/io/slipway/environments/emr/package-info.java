/** Environments built by a step on the primary node of an EMR cluster, and published by the service when it has looked at them. */
@NullMarked
package io.slipway.environments.emr;

import org.jspecify.annotations.NullMarked;
