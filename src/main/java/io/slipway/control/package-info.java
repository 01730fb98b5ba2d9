/** What a caller may do with a job that is there, and how its history reads. The same for all doors. */
@NullMarked
package io.slipway.control;

import org.jspecify.annotations.NullMarked;
