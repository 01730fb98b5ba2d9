/** Steps of one cluster: sent exactly once, found again by their names, observed until they end, cancelled. */
@NullMarked
package io.slipway.compute.emr.steps;

import org.jspecify.annotations.NullMarked;
