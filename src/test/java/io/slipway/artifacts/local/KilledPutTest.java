package io.slipway.artifacts.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.ArtifactName;
import io.slipway.project.ArtifactId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is really killed while it stores leaves the whole file under the name, or nothing. */
class KilledPutTest {

    private static final ArtifactName PROJECT = ArtifactName.project(new ArtifactId("ab12".repeat(16)));
    private static final int SIZE = 20 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"file", "bytes", "file", "bytes"})
    void leavesTheWholeOrNothing(String what) throws Exception {
        Path root = folder.resolve("artifacts");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PutsForever.class.getName(),
                        root.toString(),
                        Files.write(folder.resolve("upload"), new byte[SIZE]).toString(),
                        what)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().pollInterval(1, TimeUnit.MILLISECONDS)
                    .until(() -> !process.isAlive() || !unfinished(root).isEmpty());
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }

        LocalArtifactStore store = new LocalArtifactStore(root);

        assertThat(unfinished(root)).isEmpty();
        if (store.exists(PROJECT)) {
            assertThat(Path.of(store.uri(PROJECT))).hasSize(SIZE);
        }
        store.put(PROJECT, folder.resolve("upload"));
        assertThat(Path.of(store.uri(PROJECT))).hasSize(SIZE);
    }

    private static List<Path> unfinished(Path root) throws IOException {
        Path projects = root.resolve("projects");
        if (!Files.isDirectory(projects)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(projects)) {
            return files.filter(file -> file.getFileName().toString().startsWith(UnfinishedFiles.PREFIX))
                    .toList();
        }
    }

    /** Runs in a process of its own. */
    static final class PutsForever {

        public static void main(String[] args) throws IOException {
            LocalArtifactStore store = new LocalArtifactStore(Path.of(args[0]));
            while (true) {
                if (args[2].equals("file")) {
                    store.put(PROJECT, Path.of(args[1]));
                } else {
                    store.put(PROJECT, new byte[SIZE]);
                }
                store.delete(PROJECT);
            }
        }
    }
}
