package io.slipway.jobs;

/**
 * Where the service fetched a job's project from.
 *
 * @param uri as it was asked for; it holds no secret
 * @param version of what was fetched, in its host's words: the commit of a git repository, an ETag of S3
 */
public record JobSource(String uri, String version) {}
