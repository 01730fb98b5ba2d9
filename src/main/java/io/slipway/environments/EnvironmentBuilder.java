package io.slipway.environments;

import io.slipway.compute.ClusterTraits;
import io.slipway.project.requirements.Requirements;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Builds environments where they will be used. The loop alone calls it, but for what is in {@link Remains}; a call may take seconds. */
public interface EnvironmentBuilder {

    /** Whether environments of this cluster are built by this one. */
    boolean buildsFor(ClusterTraits cluster);

    /**
     * @param pythonVersion {@code 3.11}; {@code null} for the cluster's own
     * @param wanted of which the answer says whether it is there already; {@code null} where nobody wants to know
     * @throws CannotBuild when nothing can be built there as it is
     * @throws io.slipway.compute.ComputeUnavailable when that is not known now
     */
    BuildSite site(String cluster, @Nullable String pythonVersion, @Nullable Requirements wanted) throws CannotBuild;

    /**
     * Starts the build. Under an intent that was started before nothing is started again.
     *
     * @throws IOException when it is not certain that it was started; it may be repeated under the same intent
     * @throws CannotBuild when it was certainly not started, and the same order never will be
     */
    void start(BuildOrder order) throws IOException, CannotBuild;

    /** @throws IOException when nothing can be learned now */
    BuildReport look(BuildRef build) throws IOException;

    /**
     * Takes over what was built: from here on it can be used, and nobody who ran there can change it. It may be repeated.
     *
     * @throws IOException when the store or the disk failed; it may be repeated
     * @throws CannotBuild when what was built is not what was asked for
     */
    BuiltEnvironment take(BuildRef build) throws IOException, CannotBuild;

    /** What is left of builds and can be read or removed. */
    Remains remains();

    /** What builds leave. */
    interface Remains {

        /** Asks for the end of a build. It returns when the wish is there. */
        void cancel(BuildRef build) throws IOException;

        /** What pip and the builder said, from an offset; empty when nothing was said yet. */
        InputStream log(BuildRef build, long offset) throws IOException;

        /** What {@link EnvironmentBuilder#take} has taken need not lie there a second time. Nothing is lost when this is not called. */
        void taken(BuildRef build) throws IOException;

        /** Removes a build and, where it lies in the same folder, the environment. It may be repeated. */
        void remove(BuildRef build) throws IOException;
    }
}
