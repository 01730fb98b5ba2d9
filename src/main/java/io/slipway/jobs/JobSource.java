package io.slipway.jobs;

import org.jspecify.annotations.Nullable;

/**
 * Where the service fetched a job's project from.
 *
 * @param uri as it was asked for; it holds no secret
 * @param version of what was fetched, in its host's words: the commit of a git repository, an ETag of S3; {@code null} while it is fetched
 */
public record JobSource(String uri, @Nullable String version) {}
