/** Environments as folders of this machine, under {@code slipway.home}. */
@NullMarked
package io.slipway.environments.local;

import org.jspecify.annotations.NullMarked;
