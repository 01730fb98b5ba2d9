/** Making the world match the table. */
@NullMarked
package io.slipway.reconcile;

import org.jspecify.annotations.NullMarked;
