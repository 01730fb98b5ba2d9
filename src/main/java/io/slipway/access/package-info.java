/** Who may call what. */
@NullMarked
package io.slipway.access;

import org.jspecify.annotations.NullMarked;
