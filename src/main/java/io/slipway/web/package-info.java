/** Front door: pages for people, rendered here and readable without JavaScript. */
@NullMarked
package io.slipway.web;

import org.jspecify.annotations.NullMarked;
