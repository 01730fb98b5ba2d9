/** Front door: JSON over HTTP. */
@NullMarked
package io.slipway.api;

import org.jspecify.annotations.NullMarked;
