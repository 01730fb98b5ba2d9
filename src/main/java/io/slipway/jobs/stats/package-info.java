/** Numbers of many jobs by day, rolled up as they end: to draw them reads no job. */
@NullMarked
package io.slipway.jobs.stats;

import org.jspecify.annotations.NullMarked;
