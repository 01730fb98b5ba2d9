package io.slipway.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own with a heap that could not hold the content a tenth. */
class LargeArchiveTest {

    private static final int MEBIBYTES = 300;
    private static final int FILES = 20_000;

    @TempDir
    Path folder;

    @Test
    void normalisesALargeZipInASmallHeap() throws Exception {
        Path upload = folder.resolve("upload.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(upload))) {
            zip.setLevel(1);
            zip.putNextEntry(new ZipEntry("w/main.py"));
            zip.putNextEntry(new ZipEntry("w/large.bin"));
            writeLarge(zip);
            for (int i = 0; i < FILES; i++) {
                zip.putNextEntry(new ZipEntry("w/data/part-" + i / 100 + "/file-" + i + ".csv"));
                zip.write(("a,b," + i).getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(normaliseInSmallHeap(upload)).isEqualTo(FILES + 2);
    }

    @Test
    void normalisesALargeTarInASmallHeap() throws Exception {
        Path upload = folder.resolve("upload.tar.gz");
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(upload), 1 << 16))) {
            TarArchiveEntry large = new TarArchiveEntry("large.bin");
            large.setSize((long) MEBIBYTES << 20);
            tar.putArchiveEntry(large);
            writeLarge(tar);
            tar.closeArchiveEntry();
            for (int i = 0; i < FILES; i++) {
                tar.putArchiveEntry(new TarArchiveEntry("data/file-" + i + ".csv"));
                tar.closeArchiveEntry();
            }
        }
        assertThat(normaliseInSmallHeap(upload)).isEqualTo(FILES + 1);
    }

    private static void writeLarge(OutputStream out) throws IOException {
        byte[] block = new byte[1 << 20];
        Random random = new Random(7);
        for (int i = 0; i < MEBIBYTES; i++) {
            byte[] noise = new byte[1 << 14];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, block, 0, noise.length);
            out.write(block);
        }
    }

    private int normaliseInSmallHeap(Path upload) throws Exception {
        Path work = Files.createDirectory(folder.resolve("work"));
        Path output = folder.resolve("output.txt");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Normalise.class.getName(),
                        upload.toString(),
                        work.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).as(Files.readString(output)).isZero();
            return Integer.parseInt(Files.readString(output).strip());
        } finally {
            child.destroyForcibly();
        }
    }

    static final class Normalise {
        public static void main(String[] arguments) throws IOException {
            try (ProjectArchive archive = ProjectArchive.read(
                    Path.of(arguments[0]), "x", List.of(), ArchiveLimits.DEFAULTS, Path.of(arguments[1]))) {
                System.out.println(archive.files().size());
            }
        }
    }
}
