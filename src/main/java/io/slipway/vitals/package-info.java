/** Signs of life of the service's own threads, and what becomes of an error that nobody caught: nothing here dies unseen. */
@NullMarked
package io.slipway.vitals;

import org.jspecify.annotations.NullMarked;
