package io.slipway.project;

/**
 * One file of a normalised project.
 *
 * @param path from the project's root, forward slashes, Unicode NFC
 * @param sha256 lower-case hex
 */
public record ProjectFile(String path, long size, String sha256, boolean executable) {}
