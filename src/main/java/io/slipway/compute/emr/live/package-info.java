/** What drivers show of themselves in S3 while they run: a stranger's bytes, bounded, and never taken for the truth. */
@NullMarked
package io.slipway.compute.emr.live;

import org.jspecify.annotations.NullMarked;
