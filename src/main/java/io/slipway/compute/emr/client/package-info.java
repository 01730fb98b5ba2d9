/** Calls to EMR: the one budget for them, their clients, what EMR's errors mean, and which cluster a name or a tag stands for. */
@NullMarked
package io.slipway.compute.emr.client;

import org.jspecify.annotations.NullMarked;
