package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What tests need of the machine beside a JDK. */
public final class TestMachine {

    private TestMachine() {}

    /** The program of a Java of at least this version, where this machine has one beside that of the tests. */
    static Optional<Path> javaSince(int version) throws IOException {
        if (Runtime.version().feature() >= version) {
            return Optional.of(Path.of(ServiceJar.java()));
        }
        Path installed = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(installed)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(installed)) {
            return homes.filter(home -> feature(home.resolve("release")) >= version)
                    .map(home -> home.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }

    /** By the file that every JDK has at its top. */
    private static int feature(Path release) {
        try {
            return Files.readAllLines(release).stream()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("[^0-9.]", "").split("\\.")[0])
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException none) {
            return 0;
        }
    }

    /** Skips the test where a developer lacks something; fails it where {@code CI=true}, so that a green build has seen everything. */
    public static void needs(boolean there, String what) {
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            assertThat(there).as("%s (needed where CI=true)", what).isTrue();
        }
        assumeTrue(there, what);
    }
}
