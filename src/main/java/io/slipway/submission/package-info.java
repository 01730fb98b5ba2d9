/** Accepting a job: check, record, stage. */
@NullMarked
package io.slipway.submission;

import org.jspecify.annotations.NullMarked;
