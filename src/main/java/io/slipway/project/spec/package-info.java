/** What a caller may write about a job, in a request or in the project's own file: its fields, how they are read, merged and checked. */
@NullMarked
package io.slipway.project.spec;

import org.jspecify.annotations.NullMarked;
