/** What a caller wishes: the job spec, read from form fields, JSON and the project's own file, merged and checked. */
@NullMarked
package io.slipway.project.spec;

import org.jspecify.annotations.NullMarked;
