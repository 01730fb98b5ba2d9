/** Python environments, built once for all who want the same. The port; its adapters are the packages below. */
@NullMarked
package io.slipway.environments;

import org.jspecify.annotations.NullMarked;
