package io.slipway.environments.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.environments.BuildOrder;
import io.slipway.environments.BuildRef;
import io.slipway.environments.BuildReport;
import io.slipway.environments.BuiltEnvironment;
import io.slipway.environments.EnvironmentsSettings;
import io.slipway.environments.InstalledPackage;
import io.slipway.environments.PackageIndex;
import io.slipway.environments.Wheel;
import io.slipway.project.requirements.Requirements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** PySpark and py4j come with Spark: pip is told that they are there, and loads nothing of them; without Spark they are installed. */
@Tag("full")
class SparksOwnPackagesTest {

    @TempDir
    Path folder;

    private PackageIndex index;

    @BeforeEach
    void start() {
        index = PackageIndex.withLogin()
                .with(
                        Wheel.of("needs_spark", "1.0").requires("pyspark>=3.4"),
                        Wheel.of("pyspark", "3.9.9").requires("py4j"),
                        Wheel.of("py4j", "0.10.9.9"));
    }

    @AfterEach
    void stop() {
        index.close();
    }

    @Test
    void whatDependsOnSparksOwnResolvesAndNothingOfItIsLoaded() throws Exception {
        Path home = spark("3.5.4", "0.10.9.7");

        BuiltEnvironment built = build(home, "needs_spark", "pyspark==3.5.0");

        assertThat(built.packages())
                .containsExactlyInAnyOrder(
                        new InstalledPackage("needs_spark", "1.0"),
                        new InstalledPackage("pyspark", "3.5.4"),
                        new InstalledPackage("py4j", "0.10.9.7"));
        try (Stream<Path> files = Files.walk(folder.resolve("environments"))) {
            assertThat(files.filter(file -> file.endsWith("site-packages/pyspark")))
                    .isEmpty();
        }
        assertThat(index.asked("pyspark") + index.asked("py4j")).isZero();
        assertThat(log()).contains("pyspark 3.5.4 is the cluster's own.", "py4j 0.10.9.7 is the cluster's own.");
        assertThat(log()).contains("Left out, since the cluster has pyspark 3.5.4: pyspark==3.5.0");
    }

    @Test
    void whatWantsAnotherSparkThanTheOneThatIsThereFails() throws Exception {
        Path home = spark("3.3.0", "0.10.9.5");

        assertThat(report(home, "needs_spark").phase()).isEqualTo(BuildReport.Phase.FAILED);
        assertThat(log()).contains("pyspark>=3.4");
    }

    @Test
    void withoutSparkItIsInstalled() throws Exception {
        BuiltEnvironment built = build(null, "needs_spark");

        assertThat(built.packages())
                .contains(new InstalledPackage("pyspark", "3.9.9"), new InstalledPackage("py4j", "0.10.9.9"));
    }

    private Path spark(String version, String py4j) throws IOException {
        Path home = folder.resolve("spark");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("python/pyspark"));
        Files.createDirectories(home.resolve("python/lib"));
        Files.writeString(home.resolve("bin/spark-submit"), "#!/bin/sh\n");
        Files.writeString(home.resolve("python/pyspark/version.py"), "__version__: str = \"" + version + "\"\n");
        Files.createFile(home.resolve("python/lib/py4j-" + py4j + "-src.zip"));
        return home;
    }

    private LocalEnvironmentBuilder builder(Path spark) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.remove("SPARK_HOME");
        if (spark != null) {
            environment.put("SPARK_HOME", spark.toString());
        }
        EnvironmentsSettings settings = new Binder(
                        new MapConfigurationPropertySource(Map.of("slipway.environments.index-url", index.url())))
                .bindOrCreate("slipway.environments", EnvironmentsSettings.class);
        return new LocalEnvironmentBuilder(
                new BuilderProgram("python3", environment),
                folder.resolve("environments"),
                new MemoryArtifacts(),
                settings,
                new LocalEnvironmentsSettings(PackageIndex.USER, PackageIndex.PASSWORD),
                Clock.systemUTC());
    }

    private BuildReport report(Path spark, String... lines) throws Exception {
        LocalEnvironmentBuilder builder = builder(spark);
        builder.start(new BuildOrder(
                ref(),
                new Requirements(List.of(lines), List.of(), Map.of(), false),
                null,
                MemoryArtifacts.PROJECT,
                null));
        return await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> builder.look(ref()), report -> report.phase() != BuildReport.Phase.BUILDING);
    }

    private BuiltEnvironment build(Path spark, String... lines) throws Exception {
        assertThat(report(spark, lines).phase()).as(log()).isEqualTo(BuildReport.Phase.BUILT);
        return builder(spark).take(ref());
    }

    private BuildRef ref() {
        return new BuildRef("01JD3Q8Z0V7M4T2K5E9XHWBR10-1", "local", null, Instant.EPOCH);
    }

    private String log() throws IOException {
        return new String(builder(null).remains().log(ref(), 0).readAllBytes(), StandardCharsets.UTF_8);
    }
}
