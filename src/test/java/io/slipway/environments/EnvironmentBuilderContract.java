package io.slipway.environments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.environments.BuildReport.Phase;
import io.slipway.environments.PackageIndex.Fault;
import io.slipway.project.requirements.Requirements;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What every builder of environments promises: real pip, from an index that wants a login, and a service that may be killed at any moment. */
@Tag("full")
public abstract class EnvironmentBuilderContract {

    private static final Duration SOON = Duration.ofSeconds(120);

    @TempDir
    protected Path folder;

    protected PackageIndex index;

    protected EnvironmentBuilder builder;
    private int builds;

    /** Before the first builder is made. */
    protected abstract void prepare() throws Exception;

    protected abstract void close() throws Exception;

    /** A builder that knows nothing but what lies on disk, in the bucket or on the cluster: as after a kill. */
    protected abstract EnvironmentBuilder another() throws Exception;

    protected abstract BuildRef ref(String intent);

    /** Time goes by where it is not the machine's own. */
    protected abstract void pass();

    /** The machine that builds is gone, and the build with it. */
    protected abstract void lose(BuildRef build) throws Exception;

    /** How many processes of the build were begun. */
    protected abstract int begun(BuildRef build) throws Exception;

    @BeforeEach
    void start() throws Exception {
        index = PackageIndex.withLogin()
                .with(
                        Wheel.of("lib_a", "1.0").requires("lib_b>=2"),
                        Wheel.of("lib_b", "2.5"),
                        Wheel.of("runs_code", "1.0")
                                .file(
                                        "runs_code.pth",
                                        "import os; open(" + quoted(folder.resolve("it-ran")) + ", 'w').close()\n"));
        prepare();
        builder = another();
    }

    @AfterEach
    void end() throws Exception {
        close();
        index.close();
    }

    protected EnvironmentsSettings settings() {
        return new Binder(new MapConfigurationPropertySource(Map.of(
                        "slipway.environments.index-url", index.url(), "slipway.environments.network-timeout", "1s")))
                .bindOrCreate("slipway.environments", EnvironmentsSettings.class);
    }

    private static String quoted(Path path) {
        return "'" + path + "'";
    }

    @Test
    void aBuildIsListedAndCanBeTakenMoreThanOnce() throws Exception {
        BuildRef build = start("lib_a==1.0");

        assertThat(end(build).phase()).isEqualTo(Phase.BUILT);
        BuiltEnvironment taken = builder.take(build);
        assertThat(taken.location()).isNotBlank();
        assertThat(taken.python()).startsWith("3.");
        assertThat(taken.sizeBytes()).isPositive();
        assertThat(taken.packages())
                .contains(new InstalledPackage("lib_a", "1.0"), new InstalledPackage("lib_b", "2.5"));
        assertThat(another().take(build)).isEqualTo(taken);
        assertThat(log(build)).contains("pip:", "The environment is ready");
        assertThat(log(build)).doesNotContain(PackageIndex.PASSWORD);
    }

    @Test
    void anotherServiceGoesOnWithABuildThatWasStarted() throws Exception {
        BuildRef build = start("lib_b");
        builder = another();

        builder.start(order(build, "lib_b"));

        assertThat(end(build).phase()).isEqualTo(Phase.BUILT);
        assertThat(builder.take(build).packages()).contains(new InstalledPackage("lib_b", "2.5"));
        assertThat(begun(build)).isEqualTo(1);
    }

    @Test
    void whatWasNeverStartedIsAbsent() throws Exception {
        BuildRef build = next();

        assertThat(end(build).phase()).isEqualTo(Phase.ABSENT);
    }

    @Test
    void whatCannotBeResolvedHasFailedForGood() throws Exception {
        BuildRef build = start("lib_a==7.0");

        BuildReport report = end(build);
        assertThat(report.phase()).isEqualTo(Phase.FAILED);
        assertThat(report.message()).contains("ERROR:").contains("lib_a==7.0");
    }

    @Test
    void anIndexThatIsAwayIsNoFaultOfTheRequirements() throws Exception {
        index.fault("lib-b", Fault.DOWN);
        BuildRef build = start("lib_b");

        assertThat(end(build).phase()).isEqualTo(Phase.MISSED_INDEX);
    }

    /** Who would go without an index that is away waits for this one. */
    @Test
    void aDownloadThatBreaksOffIsNoIndexThatIsAway() throws Exception {
        index.fault("lib-b", Fault.BREAKS_OFF);
        BuildRef build = start("lib_b");

        assertThat(end(build).phase()).isEqualTo(Phase.LOST);
    }

    @Test
    void aCancelledBuildEnds() throws Exception {
        index.fault("lib-b", Fault.HANGS);
        BuildRef build = start("lib_b");
        await().atMost(SOON).until(() -> {
            pass();
            return index.asked("lib-b") > 0;
        });

        another().remains().cancel(build);

        assertThat(end(build).phase()).isIn(Phase.FAILED, Phase.LOST);
    }

    @Test
    void aLostMachineIsALostBuild() throws Exception {
        index.fault("lib-b", Fault.HANGS);
        BuildRef build = start("lib_b");
        await().atMost(SOON).until(() -> {
            pass();
            return index.asked("lib-b") > 0;
        });

        lose(build);

        assertThat(end(build).phase()).isEqualTo(Phase.LOST);
    }

    @Test
    void noPackageRunsWhileItIsInstalled() throws Exception {
        BuildRef build = start("runs_code");

        assertThat(end(build).phase()).isEqualTo(Phase.BUILT);
        builder.take(build);
        assertThat(folder.resolve("it-ran")).doesNotExist();
    }

    @Test
    void nothingIsLeftOfARemovedBuild() throws Exception {
        BuildRef build = start("lib_b");
        end(build);
        builder.take(build);
        builder.remains().taken(build);

        builder.remains().remove(build);
        builder.remains().remove(build);

        assertThat(log(build)).isEmpty();
    }

    protected BuildRef next() {
        return ref("01JD3Q8Z0V7M4T2K5E9XHWBR" + (10 + ++builds) + "-1");
    }

    private BuildRef start(String... lines) throws Exception {
        BuildRef build = next();
        builder.start(order(build, lines));
        return build;
    }

    protected BuildOrder order(BuildRef build, String... lines) {
        return new BuildOrder(
                build,
                new Requirements(List.of(lines), List.of(), Map.of(), false),
                null,
                MemoryArtifacts.PROJECT,
                null);
    }

    protected BuildReport end(BuildRef build) {
        BuildReport[] last = {BuildReport.BUILDING};
        await().atMost(SOON).pollInterval(Duration.ofMillis(100)).until(() -> {
            pass();
            last[0] = builder.look(build);
            return last[0].phase() != Phase.BUILDING;
        });
        return last[0];
    }

    private String log(BuildRef build) throws IOException {
        try (InputStream in = builder.remains().log(build, 0)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** For builds whose machine has no clock of its own. */
    protected static Instant now() {
        return Instant.now();
    }
}
