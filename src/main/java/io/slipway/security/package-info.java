/** Who may call what. */
@NullMarked
package io.slipway.security;

import org.jspecify.annotations.NullMarked;
