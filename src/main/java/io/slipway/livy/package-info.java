/** Livy's batches, so that clients which were written for Livy run jobs here. Off unless slipway.livy.enabled says otherwise. */
@NullMarked
package io.slipway.livy;

import org.jspecify.annotations.NullMarked;
