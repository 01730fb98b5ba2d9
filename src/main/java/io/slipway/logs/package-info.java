/** Reading what a run printed. */
@NullMarked
package io.slipway.logs;

import org.jspecify.annotations.NullMarked;
