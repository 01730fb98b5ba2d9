/** What is inside an upload and how to start it: the values that all rooms share. No Spring, no network, no AWS. */
@NullMarked
package io.slipway.project;

import org.jspecify.annotations.NullMarked;
