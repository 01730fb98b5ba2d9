/**
 * Through a door ({@code api}) a {@code submission} inspects a {@code project}, puts its {@code artifacts} in place and records a
 * {@code job}; {@code reconcile} drives it on {@code compute}; {@code logs} come back.
 */
@NullMarked
package io.slipway;

import org.jspecify.annotations.NullMarked;
