/** The changes of all jobs in one order that nothing comes into late, for those who follow them. */
@NullMarked
package io.slipway.jobs.feed;

import org.jspecify.annotations.NullMarked;
