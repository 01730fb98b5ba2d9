/** Amazon EMR clusters by RunJobFlow: their templates, how they are prepared for PySpark, and the calls. */
@NullMarked
package io.slipway.provision.emr;

import org.jspecify.annotations.NullMarked;
