/** Projects that are read from where they already are instead of being uploaded, and who may have what read. */
@NullMarked
package io.slipway.sources;

import org.jspecify.annotations.NullMarked;
