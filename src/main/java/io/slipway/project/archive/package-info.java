/** An upload's bytes: every archive format, the tree of files in it with all its limits, and the canonical zip that is stored. */
@NullMarked
package io.slipway.project.archive;

import org.jspecify.annotations.NullMarked;
