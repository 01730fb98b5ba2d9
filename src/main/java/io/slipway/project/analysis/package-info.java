/** What the project's sources say: how it starts, and what will go wrong on a cluster. */
@NullMarked
package io.slipway.project.analysis;

import org.jspecify.annotations.NullMarked;
