package io.slipway.bench;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Large archives beside what a shell needs to test, hash and durably copy the same file on the same disk: {@code mvn -q test -Pbench
 * -Dtest=LargeUploadBench}, on the jar that {@code ./verify} has made. The service has a heap of 256 MB and its default, local files.
 */
@Tag("bench")
class LargeUploadBench {

    private static final int ROUNDS = Integer.getInteger("slipway.bench.rounds", 3);
    private static final long[] MEGABYTES = Arrays.stream(
                    System.getProperty("slipway.bench.megabytes", "50,2000").split(","))
            .mapToLong(Long::parseLong)
            .toArray();

    private static final int FILES = 20;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void printsATable() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        try (StartedProgram service =
                StartedProgram.of(Program.asShipped(folder).with("-Xmx256m"), home, Map.of(), List.of())) {
            System.out.println("| project | shell, ms | POST, ms | the shell's time in the service's | resident, MB |");
            System.out.println("|---|---|---|---|---|");
            for (long megabytes : MEGABYTES) {
                for (boolean deflated : new boolean[] {false, true}) {
                    row(megabytes, deflated, service);
                }
            }
        }
    }

    /** Each round has another project: none is stored before. */
    private void row(long megabytes, boolean deflated, StartedProgram service) throws Exception {
        long[] shell = new long[ROUNDS];
        long[] posted = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            Path zip = zip(megabytes << 20, deflated, round);
            shell[round] = shell(zip);
            posted[round] = post(zip, service.uri("/jobs"));
            Files.delete(zip);
            awaitEnds(service);
        }
        Arrays.sort(shell);
        Arrays.sort(posted);
        System.out.printf(
                "| %,d MB %s | %,d | %,d | %.0f %% | %d |%n",
                megabytes,
                deflated ? "deflated" : "stored",
                shell[ROUNDS / 2],
                posted[ROUNDS / 2],
                100.0 * shell[ROUNDS / 2] / posted[ROUNDS / 2],
                Usage.megabytes(service.process()));
    }

    private Path zip(long bytes, boolean deflated, int round) throws IOException {
        Path zip = folder.resolve("project.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.setLevel(1);
            out.putNextEntry(new ZipEntry("main.py"));
            out.write("print(1)\n".getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
            for (int file = 0; file < FILES; file++) {
                long seed = bytes * 1_000 + round * FILES + file;
                ZipEntry entry = new ZipEntry("data/part-" + file + ".csv");
                if (!deflated) {
                    CRC32 crc = new CRC32();
                    content(seed, bytes / FILES, false, new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(bytes / FILES);
                    entry.setCrc(crc.getValue());
                }
                out.putNextEntry(entry);
                content(seed, bytes / FILES, deflated, out);
                out.closeEntry();
            }
        }
        return zip;
    }

    private static void content(long seed, long bytes, boolean digits, OutputStream out) throws IOException {
        Random random = new Random(seed);
        byte[] piece = new byte[1 << 20];
        for (long left = bytes; left > 0; left -= piece.length) {
            fill(piece, random, digits);
            out.write(piece, 0, (int) Math.min(piece.length, left));
        }
    }

    /** Digits become half as long when they are deflated. */
    private static void fill(byte[] piece, Random random, boolean digits) {
        random.nextBytes(piece);
        for (int at = 0; digits && at < piece.length; at++) {
            piece[at] = (byte) ('0' + (piece[at] & 0xFF) % 10);
        }
    }

    private long shell(Path zip) throws IOException, InterruptedException {
        long began = System.nanoTime();
        int status = new ProcessBuilder(
                        "sh",
                        "-c",
                        "unzip -qq -t \"$1\" && unzip -p \"$1\" | sha256sum && dd if=\"$1\" of=\"$2\" bs=1M conv=fsync",
                        "sh",
                        zip.toString(),
                        folder.resolve("copy.zip").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("shell.log").toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException(Files.readString(folder.resolve("shell.log")));
        }
        long took = (System.nanoTime() - began) / 1_000_000;
        Files.delete(folder.resolve("copy.zip"));
        return took;
    }

    private static long post(Path zip, URI jobs) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) jobs.toURL().openConnection();
        connection.setDoOutput(true);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/zip");
        connection.setFixedLengthStreamingMode(Files.size(zip));
        long began = System.nanoTime();
        try (OutputStream out = connection.getOutputStream()) {
            Files.copy(zip, out);
        }
        int status = connection.getResponseCode();
        long took = (System.nanoTime() - began) / 1_000_000;
        if (status != 202) {
            throw new IOException(
                    status + " " + new String(connection.getErrorStream().readAllBytes()));
        }
        return took;
    }

    /** A job that is unpacked and runs would take part in the next round. */
    private static void awaitEnds(StartedProgram service) {
        String live = "/jobs?state=QUEUED&state=SUBMITTING&state=PENDING&state=RUNNING";
        await().atMost(Duration.ofMinutes(5)).until(() -> {
            URLConnection asked = service.uri(live).toURL().openConnection();
            asked.setRequestProperty("Accept", "application/json");
            try (InputStream answer = asked.getInputStream()) {
                return new String(answer.readAllBytes(), StandardCharsets.UTF_8).contains("\"items\":[]");
            }
        });
    }
}
