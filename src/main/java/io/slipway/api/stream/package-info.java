/** Answers that do not end: events to very many readers, by no thread of their own. */
@NullMarked
package io.slipway.api.stream;

import org.jspecify.annotations.NullMarked;
