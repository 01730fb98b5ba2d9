package io.slipway.project;

/**
 * The Python that a cluster starts a program with.
 *
 * @param origin what decides that, as the beginning of a sentence goes on: {@code emr-7.2.0}
 * @param wayOut what to do about a program that needs a newer one
 */
public record ClusterPython(int major, int minor, String origin, String wayOut) {}
