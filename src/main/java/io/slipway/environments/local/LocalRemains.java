package io.slipway.environments.local;

import io.slipway.environments.BuildRef;
import io.slipway.environments.EnvironmentBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Folders of builds. */
record LocalRemains(Path folder) implements EnvironmentBuilder.Remains {

    @Override
    public void cancel(BuildRef build) throws IOException {
        BuildFolder.of(folder, build.intent()).requestCancel();
    }

    @Override
    public InputStream log(BuildRef build, long offset) throws IOException {
        return BuildFolder.of(folder, build.intent()).log(offset);
    }

    @Override
    public void taken(BuildRef build) {
        // It lies where it stays.
    }

    @Override
    public void remove(BuildRef build) throws IOException {
        BuildFolder of = BuildFolder.of(folder, build.intent());
        if (of.isStarted() && of.isAlive()) {
            of.requestCancel();
            throw new IOException("the builder in " + of.path() + " has not ended yet");
        }
        of.delete();
    }
}
