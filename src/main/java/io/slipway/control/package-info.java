/** What a caller may do with a job that is there. One place for all doors. */
@NullMarked
package io.slipway.control;

import org.jspecify.annotations.NullMarked;
