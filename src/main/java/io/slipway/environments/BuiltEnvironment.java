package io.slipway.environments;

import io.slipway.project.ArtifactId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An environment that can be used.
 *
 * @param location how its cluster finds it, in a spec's words
 * @param artifactId under which it is stored; {@code null} where it is not in the artifact store
 * @param python its version
 */
public record BuiltEnvironment(
        String location,
        @Nullable ArtifactId artifactId,
        long sizeBytes,
        double seconds,
        List<InstalledPackage> packages,
        String python) {

    public BuiltEnvironment {
        packages = List.copyOf(packages);
    }
}
