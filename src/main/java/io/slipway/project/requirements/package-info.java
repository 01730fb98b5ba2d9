/** What a project says that it needs from a package index: requirement files and lock files, as lines that pip reads. Nothing is fetched. */
@NullMarked
package io.slipway.project.requirements;

import org.jspecify.annotations.NullMarked;
