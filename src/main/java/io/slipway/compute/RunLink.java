package io.slipway.compute;

import java.net.URI;

/**
 * A page about a run that people can open elsewhere.
 *
 * @param name short, for programs: {@code console}, {@code s3Logs}
 * @param title for people
 */
public record RunLink(String name, String title, URI uri) {}
