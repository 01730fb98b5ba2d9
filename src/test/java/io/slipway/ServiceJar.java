package io.slipway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** The built jar, and what a process of it needs. */
public final class ServiceJar {

    private static final String ARCHIVE = "classes.jsa";

    private ServiceJar() {}

    public static Path file() {
        return Path.of(System.getProperty("slipway.jar", "target/slipway.jar")).toAbsolutePath();
    }

    /**
     * The same classes without the jars in the jar, and what the JVM has learned of them from one start: it starts in less than half of
     * the time, which counts when it is done dozens of times. Made once for each JVM.
     */
    public static Path extracted() {
        return Extracted.JAR;
    }

    private static final class Extracted {

        private static final Path JAR = extract();

        private static Path extract() {
            try {
                Path folder = Files.createTempDirectory("slipway-jar");
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(folder.toFile())));
                run(List.of("-Djarmode=tools", "-jar", file().toString(), "extract", "--destination", folder + "/app"));
                Path jar = folder.resolve("app").resolve(file().getFileName());
                run(List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:ArchiveClassesAtExit=" + archive(jar),
                        "-Dspring.context.exit=onRefresh",
                        "-jar",
                        jar.toString(),
                        "--server.port=0",
                        "--slipway.home=" + folder.resolve("home")));
                return jar;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private static void run(List<String> arguments) throws IOException, InterruptedException {
            ProcessBuilder java = new ProcessBuilder(java());
            java.command().addAll(arguments);
            int status = java.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("java ended with " + status + ": " + arguments);
            }
        }
    }

    /** What the JVM has learned of an extracted jar; without the file a start is only slower. */
    static Path archive(Path jar) {
        return jar.resolveSibling(ARCHIVE);
    }

    static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
