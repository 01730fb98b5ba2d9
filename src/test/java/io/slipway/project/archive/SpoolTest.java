package io.slipway.project.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.project.HoldingStream;
import io.slipway.project.WorkFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    @TempDir
    private Path folder;

    @Test
    void makesItsFileForContentsThatDoNotFitIntoMemory() throws IOException {
        byte[] large = new byte[2 * HoldingStream.MOST];
        new Random(1).nextBytes(large);
        try (Spool spool = new Spool(WorkFolder.of(folder), 0)) {
            Content small = spool.deflate(new ByteArrayInputStream(new byte[] {1}), bytes -> {});
            assertThat(unpacked(spool, small)).containsExactly(1);
            assertThat(files()).isZero();
            Content other = spool.deflate(new ByteArrayInputStream(large), bytes -> {});
            assertThat(files()).isEqualTo(1);
            assertThat(unpacked(spool, small)).containsExactly(1);
            assertThat(unpacked(spool, other)).isEqualTo(large);
        }
        assertThat(files()).isZero();
    }

    private static byte[] unpacked(Spool spool, Content content) throws IOException {
        try (InputStream in = ZipContents.unpacked(spool.bytes(), content)) {
            return in.readAllBytes();
        }
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }
}
