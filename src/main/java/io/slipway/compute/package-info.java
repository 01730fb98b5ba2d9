/** Where jobs run. The port; its adapters are the packages below. */
@NullMarked
package io.slipway.compute;

import org.jspecify.annotations.NullMarked;
