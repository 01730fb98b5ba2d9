/** Clusters that are made to order: what is wanted, what was ordered, and how each order went. */
@NullMarked
package io.slipway.provision;

import org.jspecify.annotations.NullMarked;
