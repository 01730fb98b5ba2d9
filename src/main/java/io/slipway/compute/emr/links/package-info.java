/** Links to pages that EMR and AWS serve: Spark's user interface, the console. */
@NullMarked
package io.slipway.compute.emr.links;

import org.jspecify.annotations.NullMarked;
