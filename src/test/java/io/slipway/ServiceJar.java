package io.slipway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
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
     * the time, which counts when it is done dozens of times. Made once for all JVMs that test this jar, beside it.
     */
    public static Path extracted() {
        return Extracted.JAR;
    }

    private static final class Extracted {

        private static final Path JAR = extract();

        private static Path extract() {
            try {
                BasicFileAttributes of = Files.readAttributes(file(), BasicFileAttributes.class);
                Path folder = file().resolveSibling("extracted-" + of.size() + "-"
                        + of.lastModifiedTime().toMillis());
                Path jar = folder.resolve("app").resolve(file().getFileName());
                Files.createDirectories(folder);
                try (FileChannel lock = FileChannel.open(
                                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock ignored = lock.lock()) {
                    Path whole = folder.resolve("whole");
                    if (!Files.exists(whole)) {
                        make(folder, jar);
                        Files.createFile(whole);
                    }
                }
                return jar;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Not elsewhere first: what the JVM learned holds for the path that it was learned at. */
        private static void make(Path folder, Path jar) throws IOException, InterruptedException {
            FileSystemUtils.deleteRecursively(jar.getParent());
            run(List.of("-Djarmode=tools", "-jar", file().toString(), "extract", "--destination", folder + "/app"));
            Files.deleteIfExists(archive(jar));
            run(List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:ArchiveClassesAtExit=" + archive(jar),
                    "-Dspring.context.exit=onRefresh",
                    "-jar",
                    jar.toString(),
                    "--server.port=0",
                    "--slipway.home=" + folder.resolve("home")));
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
