/** Sources in git repositories that are read over HTTPS. */
@NullMarked
package io.slipway.sources.git;

import org.jspecify.annotations.NullMarked;
