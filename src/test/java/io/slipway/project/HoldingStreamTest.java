package io.slipway.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldingStreamTest {

    private static final int MOST = 100;

    @TempDir
    private Path parent;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100})
    void fewBytesMakeNoFolder(int size) throws IOException {
        try (WorkFolder work = WorkFolder.in(parent)) {
            HeldBytes held = written(work, size);
            assertThat(parent).isEmptyDirectory();
            assertThat(held.inMemory()).isEqualTo(bytes(size));
            assertThat(read(held)).isEqualTo(bytes(size));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 20_000})
    void moreGoToAFileThatGoesWithItsFolder(int size) throws IOException {
        try (WorkFolder work = WorkFolder.in(parent)) {
            HeldBytes held = written(work, size);
            assertThat(held.inMemory()).isNull();
            assertThat(held.file()).hasBinaryContent(bytes(size));
            assertThat(held.file().startsWith(work.path())).isTrue();
            assertThat(read(held)).isEqualTo(bytes(size));
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void whatWasWrittenIsReadWhileMoreComes() throws IOException {
        try (WorkFolder work = WorkFolder.in(parent);
                HoldingStream out = new HoldingStream(work, MOST, 0)) {
            byte[] all = bytes(300);
            for (int at = 0; at < all.length; at += 30) {
                out.write(all, at, 30);
                ByteBuffer some = ByteBuffer.allocate(20);
                assertThat(out.read(some, at + 10)).isEqualTo(20);
                assertThat(some.array()).isEqualTo(Arrays.copyOfRange(all, at + 10, at + 30));
                assertThat(out.read(ByteBuffer.allocate(1), at + 30)).isEqualTo(-1);
                assertThat(out.size()).isEqualTo(at + 30);
            }
        }
    }

    @Test
    void aFileIsMadeForWhoNeedsOne() throws IOException {
        try (WorkFolder work = WorkFolder.in(parent)) {
            HeldBytes held = written(work, 10);
            assertThat(held.file()).hasBinaryContent(bytes(10));
            assertThat(held.file()).isEqualTo(held.file());
            held.delete();
            assertThat(work.path()).isEmptyDirectory();
        }
    }

    @Test
    void nothingIsLeftOfWhatWasDiscarded() throws IOException {
        try (WorkFolder work = WorkFolder.in(parent)) {
            HoldingStream out = new HoldingStream(work, MOST, 0);
            out.write(bytes(200));
            out.discard();
            assertThat(work.path()).isEmptyDirectory();
        }
    }

    private static HeldBytes written(WorkFolder work, int size) throws IOException {
        try (HoldingStream out = new HoldingStream(work, MOST, 0)) {
            byte[] all = bytes(size);
            for (int at = 0; at < size; at += 33) {
                out.write(all, at, Math.min(33, size - at));
            }
            return out.held();
        }
    }

    private static byte[] read(HeldBytes held) throws IOException {
        try (InputStream in = held.open();
                RandomBytes random = held.random()) {
            byte[] all = in.readAllBytes();
            assertThat(all).hasSize((int) held.size());
            assertThat(random.size()).isEqualTo(all.length);
            return all;
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
