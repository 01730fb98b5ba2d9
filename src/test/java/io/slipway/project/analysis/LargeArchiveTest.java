package io.slipway.project.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.project.HeldBytes;
import io.slipway.project.InvalidProject;
import io.slipway.project.JobSpec;
import io.slipway.project.WorkFolder;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.InspectionMemory;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.spec.SpecReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own with a heap that could not hold the content a tenth. */
@Tag("full")
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
        assertThat(inSmallHeap("-Xmx64m", Normalise.class, upload)).isEqualTo(FILES + 2);
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
        assertThat(inSmallHeap("-Xmx64m", Normalise.class, upload)).isEqualTo(FILES + 1);
    }

    @Test
    void holdsAHundredThousandEntriesInLessThanThirtyTwoMegabytes() throws Exception {
        // What the rest of a JVM needs, and a little air.
        assertThat(inSmallHeap("-Xmx44m", Heap.class, many(100_000))).isLessThan(32 << 20);
    }

    @Test
    void looksAtSixteenArchivesAtOnceInASmallHeap() throws Exception {
        // Together they would need three times the heap.
        assertThat(inSmallHeap("-Xmx48m", Sixteen.class, many(20_000))).isEqualTo(16);
    }

    /** Names of a hundred bytes. */
    private Path many(int files) throws IOException {
        Path upload = folder.resolve("many.zip");
        try (ZipOutputStream zip =
                new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(upload), 1 << 16))) {
            zip.setLevel(0);
            for (int i = 0; i < files; i++) {
                zip.putNextEntry(new ZipEntry("part-%03d/%06d-%s.py".formatted(i / 500, i, "x".repeat(81))));
                zip.write(i);
            }
        }
        return upload;
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

    private int inSmallHeap(String heap, Class<?> program, Path upload) throws Exception {
        Path work = Files.createDirectory(folder.resolve("work"));
        Path output = folder.resolve("output.txt");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        upload.toString(),
                        work.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).as(Files.readString(output)).isZero();
            List<String> lines = Files.readAllLines(output);
            // Libraries log in front of it.
            return Integer.parseInt(lines.get(lines.size() - 1).strip());
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

    /** Prints how many bytes stay while a project is open and was inspected. */
    static final class Heap {
        public static void main(String[] arguments) throws IOException {
            // What its libraries keep is no part of the project.
            new SpecReader().read("{\"name\": \"x\"}", Map.of(), null);
            long before = used();
            try (ProjectArchive archive = ProjectArchive.read(
                    Path.of(arguments[0]), "x", List.of(), ArchiveLimits.DEFAULTS, Path.of(arguments[1]))) {
                JobSpec spec = new SpecReader().read("{\"entryPoint\": \"part-7/none.py\"}", Map.of(), null);
                try {
                    new ProjectInspector().inspect(archive, spec);
                    throw new IllegalStateException("there is no such entry point");
                } catch (InvalidProject expected) {
                    System.out.println(used() - before + 0 * archive.files().size());
                }
            }
        }

        private static long used() {
            System.gc();
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
    }

    /** Prints how many of sixteen threads could look at the same upload. */
    static final class Sixteen {
        public static void main(String[] arguments) throws Exception {
            ArchiveLimits limits = new ArchiveLimits(1L << 30, 20_000, 200, 1 << 20);
            InspectionMemory memory =
                    new InspectionMemory(Runtime.getRuntime().maxMemory(), limits, Duration.ofSeconds(100));
            ExecutorService threads = Executors.newFixedThreadPool(16);
            List<Future<Integer>> found = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                found.add(threads.submit(() -> {
                    try (ProjectArchive archive = ProjectArchive.read(
                            HeldBytes.of(Path.of(arguments[0])),
                            "x",
                            List.of(),
                            limits,
                            WorkFolder.of(Path.of(arguments[1])),
                            memory)) {
                        return archive.files().size();
                    }
                }));
            }
            int whole = 0;
            for (Future<Integer> files : found) {
                whole += files.get() == 20_000 ? 1 : 0;
            }
            threads.shutdown();
            System.out.println(whole);
        }
    }
}
