package io.slipway.artifacts.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.ArtifactStoreContract;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LocalArtifactStoreTest extends ArtifactStoreContract {

    private ArtifactStore store;

    @Override
    protected ArtifactStore store() throws IOException {
        if (store == null) {
            store = new LocalArtifactStore(root());
        }
        return store;
    }

    @Test
    void makesItsFolderAndTheParentsOfIt() throws IOException {
        new LocalArtifactStore(folder.resolve("a/b/c"));
        assertThat(folder.resolve("a/b/c")).isDirectory();
    }

    @Test
    void letsNobodyElseRead() throws IOException {
        store().put(LAUNCH, bytes("secret"));
        Path file = Path.of(store().uri(LAUNCH));
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(file.getParent())).isEqualTo("rwx------");
        assertThat(mode(root())).isEqualTo("rwx------");
    }

    @Test
    void leavesNoUnfinishedFileAfterAPut() throws IOException {
        store().put(LAUNCH, bytes("{}"));
        store().put(PROJECT, file(bytes("project")));
        assertThat(files()).containsExactly("launches/launch_01J8-1.json", "projects/project_" + PROJECT_ID + ".zip");
    }

    @Test
    void keepsAFileOfTheSameDiskWithoutCopyingIt() throws IOException {
        Path file = file(bytes("project"));
        store().put(PROJECT, file);
        assertThat(Files.isSameFile(file, Path.of(store().uri(PROJECT)))).isTrue();
        assertThat(files()).containsExactly("projects/project_" + PROJECT_ID + ".zip");
    }

    @Test
    void leavesNoUnfinishedFileAfterAFailure() throws IOException {
        // A folder where the file should go is the one failure of a rename that a test can arrange as root too.
        Files.createDirectories(root().resolve("launches/launch_01J8-1.json/in-the-way"));
        ArtifactStore store = store();
        assertThatThrownBy(() -> store.put(LAUNCH, bytes("{}"))).isInstanceOf(IOException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void sweepsWhatADeadProcessLeftAndShowsNothingOfIt() throws IOException {
        store().put(PROJECT, file(bytes("project")));
        Path left = root().resolve("launches/.unfinished-1");
        Files.createDirectories(left.getParent());
        Files.write(left, bytes("{\"half"));
        assertThat(store().exists(LAUNCH)).isFalse();

        store = new LocalArtifactStore(root());

        assertThat(files()).containsExactly("projects/project_" + PROJECT_ID + ".zip");
        store().put(LAUNCH, bytes("{}"));
        assertThat(read(LAUNCH)).isEqualTo(bytes("{}"));
    }

    @Test
    void leavesAFileAloneThatIsStillBeingWritten() throws IOException {
        store();
        Path busy = root().resolve(".unfinished-2");
        try (FileChannel writer = FileChannel.open(busy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writer.lock();
            new LocalArtifactStore(root());
            assertThat(busy).exists();
        }
        new LocalArtifactStore(root());
        assertThat(busy).doesNotExist();
    }

    @Test
    void storesAgainAFileThatWasCutShortBehindItsBack() throws IOException {
        store().put(PROJECT, file(bytes("project")));
        Files.write(Path.of(store().uri(PROJECT)), bytes("pro"));
        store().put(PROJECT, file(bytes("project")));
        assertThat(read(PROJECT)).isEqualTo(bytes("project"));
    }

    @Test
    void namesAFile() throws IOException {
        assertThat(store().uri(PROJECT))
                .isEqualTo(root().resolve("projects/project_" + PROJECT_ID + ".zip")
                        .toUri());
    }

    private Path root() {
        return folder.resolve("home/artifacts");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(root())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root().relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
