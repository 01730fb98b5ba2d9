/** What is inside an upload and how to start it. No Spring, no network, no AWS. */
@NullMarked
package io.slipway.project;

import org.jspecify.annotations.NullMarked;
