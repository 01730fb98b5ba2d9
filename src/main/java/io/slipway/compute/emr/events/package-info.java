/** EMR's events, read from a queue: they say which steps to look at sooner, never what became of them. */
@NullMarked
package io.slipway.compute.emr.events;

import org.jspecify.annotations.NullMarked;
