package io.slipway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/** The built jar, and what a process of it needs. */
public final class ServiceJar {

    private ServiceJar() {}

    public static Path file() {
        return Path.of(System.getProperty("slipway.jar", "target/slipway.jar")).toAbsolutePath();
    }

    /** The same classes without the jars in the jar: starts in two thirds of the time, which counts when it is done twenty times. */
    public static Path extractedTo(Path folder) throws IOException, InterruptedException {
        Process extract = new ProcessBuilder(
                        java(),
                        "-Djarmode=tools",
                        "-jar",
                        file().toString(),
                        "extract",
                        "--destination",
                        folder + "/app")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (extract.waitFor() != 0) {
            throw new IOException("the jar could not be extracted to " + folder);
        }
        return folder.resolve("app").resolve(file().getFileName());
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
