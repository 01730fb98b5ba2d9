package io.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.project.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ArtifactStore} promises; each adapter passes it. */
public abstract class ArtifactStoreContract {

    protected static final ArtifactName LAUNCH = ArtifactName.launch("01J8-1");
    protected static final String PROJECT_ID = "ab12".repeat(16);

    protected static final ArtifactName PROJECT = ArtifactName.project(new ArtifactId(PROJECT_ID));

    @TempDir
    protected Path folder;

    /** An empty store; the same one for every call within one test. */
    protected abstract ArtifactStore store() throws IOException;

    @Test
    void givesBackTheBytesThatWerePut() throws IOException {
        store().put(LAUNCH, bytes("{}"));
        assertThat(read(LAUNCH)).isEqualTo(bytes("{}"));
    }

    @Test
    void givesBackTheFileThatWasPut() throws IOException {
        byte[] content = noise(300_000);
        store().put(PROJECT, file(content));
        assertThat(read(PROJECT)).isEqualTo(content);
    }

    @Test
    void leavesTheCallersFileWhereItIsAndDoesWithoutIt() throws IOException {
        byte[] content = noise(300_000);
        Path file = file(content);
        store().put(PROJECT, file);
        store().put(PROJECT, file);
        assertThat(file).hasBinaryContent(content);
        Files.delete(file);
        assertThat(read(PROJECT)).isEqualTo(content);
    }

    @Test
    void deletesThePiecesOfOneProjectAndNothingElse() throws IOException {
        ArtifactId project = new ArtifactId("ab".repeat(32));
        ArtifactId other = new ArtifactId("cd".repeat(32));
        for (int i = 0; i < 3; i++) {
            store().put(ArtifactName.piece(project, "" + i), bytes("piece"));
        }
        store().put(ArtifactName.piece(other, "0"), bytes("piece"));
        store().put(ArtifactName.project(project), file(bytes("project")));

        store().deletePieces(project);
        store().deletePieces(project);

        assertThat(store().exists(ArtifactName.piece(project, "0"))).isFalse();
        assertThat(store().exists(ArtifactName.piece(project, "2"))).isFalse();
        assertThat(store().exists(ArtifactName.piece(other, "0"))).isTrue();
        assertThat(store().exists(ArtifactName.project(project))).isTrue();
    }

    @Test
    void storesNothingAtAllAsWell() throws IOException {
        store().put(LAUNCH, new byte[0]);
        store().put(PROJECT, file(new byte[0]));
        assertThat(read(LAUNCH)).isEmpty();
        assertThat(read(PROJECT)).isEmpty();
    }

    @Test
    void storesALargeFile() throws IOException {
        byte[] content = noise(20 << 20);
        store().put(PROJECT, file(content));
        assertThat(read(PROJECT)).isEqualTo(content);
    }

    @Test
    void knowsWhatItHolds() throws IOException {
        assertThat(store().exists(LAUNCH)).isFalse();
        store().put(LAUNCH, bytes("{}"));
        assertThat(store().exists(LAUNCH)).isTrue();
        assertThat(store().exists(PROJECT)).isFalse();
    }

    @Test
    void saysThatANameHoldsNothing() throws IOException {
        ArtifactStore store = store();
        assertThatThrownBy(() -> store.open(LAUNCH)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void storesTheSameNameAgainWithoutComplaint() throws IOException {
        Path file = file(noise(6 << 20));
        store().put(PROJECT, file);
        store().put(PROJECT, file);
        assertThat(read(PROJECT)).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void neverChangesTheBytesUnderAName() throws IOException {
        store().put(LAUNCH, bytes("first"));
        store().put(LAUNCH, bytes("other"));
        assertThat(read(LAUNCH)).isEqualTo(bytes("first"));
    }

    @Test
    void replacesWhatCannotBeTheSameBytes() throws IOException {
        store().put(LAUNCH, bytes("half"));
        store().put(LAUNCH, bytes("the whole of it"));
        assertThat(read(LAUNCH)).isEqualTo(bytes("the whole of it"));
    }

    @Test
    void letsManyPutTheSameNameAtOnce() throws Exception {
        byte[] content = noise(6 << 20);
        Path file = file(content);
        ArtifactStore store = store();
        atOnce(6, () -> {
            store.put(PROJECT, file);
            assertThat(read(PROJECT)).isEqualTo(content);
            return null;
        });
    }

    @Test
    void deletes() throws IOException {
        store().put(LAUNCH, bytes("{}"));
        store().delete(LAUNCH);
        assertThat(store().exists(LAUNCH)).isFalse();
    }

    @Test
    void deletesWhatIsNotThere() throws IOException {
        store().delete(LAUNCH);
        assertThat(store().exists(LAUNCH)).isFalse();
    }

    @Test
    void storesAgainWhatWasDeleted() throws IOException {
        store().put(LAUNCH, bytes("{}"));
        store().delete(LAUNCH);
        store().put(LAUNCH, bytes("{}"));
        assertThat(read(LAUNCH)).isEqualTo(bytes("{}"));
    }

    @Test
    void leavesNothingUnderANameWhosePutFailed() throws IOException {
        ArtifactStore store = store();
        assertThatThrownBy(() -> store.put(PROJECT, folder.resolve("missing"))).isInstanceOf(IOException.class);
        assertThat(store.exists(PROJECT)).isFalse();
    }

    @Test
    void namesTheSamePlaceForTheSameName() throws IOException {
        assertThat(store().uri(PROJECT)).isEqualTo(store().uri(PROJECT)).isNotEqualTo(store().uri(LAUNCH));
        assertThat(store().uri(PROJECT).toString()).endsWith("/projects/project_" + PROJECT_ID + ".zip");
    }

    protected byte[] read(ArtifactName name) throws IOException {
        try (InputStream content = store().open(name)) {
            return content.readAllBytes();
        }
    }

    protected Path file(byte[] content) throws IOException {
        return Files.write(Files.createTempFile(folder, "upload", ".zip"), content);
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    protected static byte[] noise(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    protected static void atOnce(int threads, Callable<?> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                results.add(pool.submit(() -> {
                    start.await();
                    return work.call();
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
