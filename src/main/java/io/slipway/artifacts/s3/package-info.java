/** Artifacts as objects of an S3 bucket. */
@NullMarked
package io.slipway.artifacts.s3;

import org.jspecify.annotations.NullMarked;
