/** Artifacts as files of this machine. */
@NullMarked
package io.slipway.artifacts.local;

import org.jspecify.annotations.NullMarked;
