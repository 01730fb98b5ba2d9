package io.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How the jar is started: with the options that are shipped, alone or as the image has it, unpacked and with what Java learned of its classes. */
record Program(List<String> command) {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String OPTIONS =
            "@" + Path.of("src/main/jvm/java.options").toAbsolutePath();

    static Program ofTheJar() {
        return new Program(List.of(JAVA, OPTIONS, "-jar", jar().toString()));
    }

    /** As the Dockerfile does it. */
    static Program asShipped(Path folder) throws IOException, InterruptedException {
        Path unpacked = folder.resolve("program");
        run(folder, JAVA, "-Djarmode=tools", "-jar", jar().toString(), "extract", "--destination", unpacked.toString());
        String slipway = unpacked.resolve("slipway.jar").toString();
        String classes = unpacked.resolve("classes.jsa").toString();
        run(
                folder,
                JAVA,
                OPTIONS,
                "-XX:ArchiveClassesAtExit=" + classes,
                "-Xlog:cds*=error",
                "-Daws.region=eu-west-1",
                "-Daws.accessKeyId=none",
                "-Daws.secretAccessKey=none",
                "-Dspring.context.exit=onRefresh",
                "-jar",
                slipway,
                "--slipway.home=" + folder.resolve("learning"),
                "--server.port=0",
                "--slipway.artifacts.s3.bucket=learning",
                "--slipway.clusters.emr.emr.cluster-id=j-LEARNING");
        return new Program(
                List.of(JAVA, OPTIONS, "-XX:SharedArchiveFile=" + classes, "-Xlog:cds*=error", "-jar", slipway));
    }

    /** With options of the Java virtual machine that come after those that are shipped. */
    Program with(String... options) {
        List<String> longer = new ArrayList<>(command);
        longer.addAll(
                longer.size() - 2,
                Stream.of(options).filter(option -> !option.isBlank()).toList());
        return new Program(longer);
    }

    private static Path jar() {
        Path jar = Path.of(System.getProperty("slipway.jar", "target/slipway.jar"));
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: ./verify makes it.");
        }
        return jar.toAbsolutePath();
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Path said = folder.resolve("program.log");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException(
                    "ended with " + status + ": " + String.join(" ", command) + "\n" + Files.readString(said));
        }
    }
}
