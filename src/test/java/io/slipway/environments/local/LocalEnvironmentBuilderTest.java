package io.slipway.environments.local;

import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.environments.BuildRef;
import io.slipway.environments.EnvironmentBuilder;
import io.slipway.environments.EnvironmentBuilderContract;
import io.slipway.environments.PackageIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Tag;

/** Builds in folders of this machine. */
@Tag("full")
class LocalEnvironmentBuilderTest extends EnvironmentBuilderContract {

    @Override
    protected void prepare() {}

    @Override
    protected void close() {}

    @Override
    protected EnvironmentBuilder another() {
        return new LocalEnvironmentBuilder(
                new BuilderProgram("python3", System.getenv()),
                folder.resolve("environments"),
                new MemoryArtifacts(),
                settings(),
                new LocalEnvironmentsSettings(PackageIndex.USER, PackageIndex.PASSWORD),
                Clock.systemUTC());
    }

    @Override
    protected BuildRef ref(String intent) {
        return new BuildRef(intent, "local", null, now());
    }

    @Override
    protected void pass() {}

    @Override
    protected void lose(BuildRef build) {
        String where = folderOf(build).toString();
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(where))
                .forEach(process -> {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                });
    }

    @Override
    protected int begun(BuildRef build) throws Exception {
        return (int) Files.readAllLines(folderOf(build).resolve("build.log")).stream()
                .filter(line -> line.contains("pip:"))
                .count();
    }

    private Path folderOf(BuildRef build) {
        return folder.resolve("environments").resolve(build.intent());
    }
}
