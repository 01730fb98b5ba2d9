/** Where bytes live, and who still needs them. The port; its adapters are the packages below. */
@NullMarked
package io.slipway.artifacts;

import org.jspecify.annotations.NullMarked;
