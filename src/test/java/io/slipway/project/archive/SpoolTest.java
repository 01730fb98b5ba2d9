package io.slipway.project.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    @TempDir
    private Path folder;

    @Test
    void makesItsFileForTheFirstContentAlone() throws IOException {
        try (Spool spool = new Spool(folder, 0)) {
            assertThat(files()).isZero();
            spool.deflate(new ByteArrayInputStream(new byte[] {1}), bytes -> {});
            assertThat(files()).isEqualTo(1);
        }
        assertThat(files()).isZero();
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }
}
