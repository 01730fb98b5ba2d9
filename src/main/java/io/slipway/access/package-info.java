/** Who calls, and what they may do. */
@NullMarked
package io.slipway.access;

import org.jspecify.annotations.NullMarked;
