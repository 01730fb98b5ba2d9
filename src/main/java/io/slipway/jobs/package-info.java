/** What a job is and how it may change. */
@NullMarked
package io.slipway.jobs;

import org.jspecify.annotations.NullMarked;
