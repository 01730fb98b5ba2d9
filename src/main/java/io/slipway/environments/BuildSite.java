package io.slipway.environments;

/**
 * With what an environment would be built. Whatever differs here makes another environment of the same requirements.
 *
 * @param python path of the interpreter
 * @param version of it, whole
 * @param platform release of the cluster and architecture
 * @param tools versions of pip and of our builder
 */
public record BuildSite(String python, String version, String platform, String tools) {}
