/** Reading what a run printed: as a whole, from a position, or through a window of lines. */
@NullMarked
package io.slipway.logs;

import org.jspecify.annotations.NullMarked;
