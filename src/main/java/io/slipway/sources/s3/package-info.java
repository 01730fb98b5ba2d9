/** Sources in S3: an archive, a Python file, or all objects under a prefix. */
@NullMarked
package io.slipway.sources.s3;

import org.jspecify.annotations.NullMarked;
