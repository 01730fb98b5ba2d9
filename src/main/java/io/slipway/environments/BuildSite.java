package io.slipway.environments;

import org.jspecify.annotations.Nullable;

/**
 * With what an environment would be built. Whatever differs here makes another environment of the same requirements, but for the machine.
 *
 * @param python path of the interpreter
 * @param version of it, as far as it is known before the build
 * @param platform release of the cluster and architecture
 * @param tools versions of pip and of our builder
 * @param complete whether the interpreter, as jobs get it without an environment, has all that is wanted
 * @param machine where a build could begin now; {@code null} while there is no machine for it
 */
public record BuildSite(
        String python,
        String version,
        String platform,
        String tools,
        boolean complete,
        @Nullable Machine machine) {

    /** @param id of it, for a cluster's name that can mean different ones; {@code null} where it is always the same */
    public record Machine(@Nullable String id) {}

    /** On a machine that is always there. */
    public BuildSite(String python, String version, String platform, String tools, boolean complete) {
        this(python, version, platform, tools, complete, new Machine(null));
    }
}
