package io.slipway.service;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipway.RawClient;
import io.slipway.RawClient.Answer;
import io.slipway.SlipwayApplication;
import io.slipway.api.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The service's home on a disk of 96 MB of its own, which uploads fill whose length nobody knows. Who may mount none skips it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
@Tag("full")
class DiskFullTest {

    private static final int MB = 1 << 20;
    private static final int PIECE = 64 * 1024;

    private Path disk;
    private boolean isMounted;
    private ConfigurableApplicationContext service;
    private int port;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        isMounted = run("mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", disk.toString());
        assumeTrue(isMounted, "mounting a small disk needs rights of root");
        service = SpringApplication.run(
                SlipwayApplication.class,
                "--server.port=0",
                "--slipway.home=" + disk.resolve("home"),
                "--slipway.submission.min-free-disk=40MB");
        port = Integer.parseInt(service.getEnvironment().getProperty("local.server.port"));
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @AfterAll
    void stop() throws Exception {
        if (service != null) {
            service.close();
        }
        if (isMounted) {
            run("umount", "-l", disk.toString());
        }
    }

    /** The service goes on, and nothing of what was refused lies there. */
    @AfterEach
    void goesOnAndKeepsNothing() throws Exception {
        Files.deleteIfExists(disk.resolve("others"));
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            try (Stream<Path> left = Files.list(disk.resolve("home/incoming"))) {
                assertThat(left).isEmpty();
            }
        });
        assertThat(free()).isGreaterThan(60L * MB);
        Service client = new Service(port, null);
        // H2 closes its file when it cannot write, and opens it again once it can.
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                client.post(Service.Form.script("print(1)\n")).status())
                        .isEqualTo(202));
    }

    private long free() throws IOException {
        return Files.getFileStore(disk).getUsableSpace();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/jobs application/zip",
                "/plans application/zip",
                "/jobs multipart/form-data; boundary=b",
                "/plans multipart/form-data; boundary=b"
            })
    void anUploadWithoutALengthEndsBeforeTheDiskIsFull(String way) throws Exception {
        String[] parts = way.split(" ", 2);
        long[] least = {Long.MAX_VALUE};
        Answer refused = sendChunks(parts[0], parts[1], 90, least);
        assertThat(refused.status()).as(refused.text()).isEqualTo(503);
        assertThat(refused.problem()).isEqualTo("disk-full");
        assertThat(refused.text()).contains("min-free-disk");
        assertThat(least[0]).as("bytes that stayed free").isGreaterThan(2L * MB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/jobs", "/plans"})
    void noUploadBeginsOnADiskThatIsFullAlready(String path) throws Exception {
        fill(free() - 30L * MB);
        for (String type : new String[] {"application/zip", "multipart/form-data; boundary=b"}) {
            Answer refused = sendChunks(path, type, 1, new long[1]);
            assertThat(refused.status()).as(refused.text()).isEqualTo(503);
            assertThat(refused.problem()).isEqualTo("disk-full");
        }
    }

    /** Somebody else fills the disk while an upload is read: the machine itself says then that there is no room. */
    @ParameterizedTest
    @ValueSource(strings = {"application/zip", "multipart/form-data; boundary=b"})
    void aDiskThatOthersFillMeanwhileIsNoFaultOfOurs(String type) throws Exception {
        Answer refused;
        try (RawClient client = new RawClient(port)) {
            client.send(head("/jobs", type));
            Random random = new Random(1);
            for (int piece = 0; piece < 16; piece++) {
                client.send(chunk(random));
            }
            fill(free());
            // Long enough for the loop to write, and to fail.
            Thread.sleep(4000);
            refused = sendOn(client, random, 8);
        }
        assertThat(refused.status()).as(refused.text()).isEqualTo(503);
        assertThat(refused.problem()).isIn("disk-full", "storage-unavailable");
    }

    /** What it unpacks to is written as well. */
    @Test
    void aProjectThatFitsAsItComesButNotAsItIsKeptIsRefused() throws Exception {
        Random random = new Random(2);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry("main.py"));
            zip.write("print(1)\n".getBytes(UTF_8));
            zip.putNextEntry(new ZipEntry("data.bin"));
            byte[] piece = new byte[MB];
            for (int at = 0; at < 44; at++) {
                random.nextBytes(piece);
                zip.write(piece);
            }
        }
        Answer refused;
        try (RawClient client = new RawClient(port)) {
            client.send(head("/jobs", "application/zip"));
            client.send(Integer.toHexString(archive.size()) + "\r\n");
            client.send(archive.toByteArray());
            client.send("\r\n0\r\n\r\n");
            refused = client.answer();
        }
        assertThat(refused.status()).as(refused.text()).isEqualTo(503);
        assertThat(refused.problem()).isEqualTo("disk-full");
    }

    private void fill(long bytes) throws IOException {
        byte[] piece = new byte[MB];
        try (var out = Files.newOutputStream(disk.resolve("others"))) {
            for (long left = bytes; left > 0; left -= piece.length) {
                out.write(piece, 0, (int) Math.min(left, piece.length));
            }
        } catch (IOException full) {
            // As it should be.
        }
    }

    private static String head(String path, String type) {
        String form = type.startsWith("multipart")
                ? chunk("--b\r\nContent-Disposition: form-data; name=\"project\"; filename=\"x.zip\"\r\n\r\n")
                : "";
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                + "\r\nTransfer-Encoding: chunked\r\n\r\n" + form;
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static byte[] chunk(Random random) {
        byte[] content = new byte[PIECE];
        random.nextBytes(content);
        content[0] = 'P';
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((Integer.toHexString(PIECE) + "\r\n").getBytes(US_ASCII));
        out.writeBytes(content);
        out.writeBytes("\r\n".getBytes(US_ASCII));
        return out.toByteArray();
    }

    private Answer sendChunks(String path, String type, int megabytes, long[] least) throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send(head(path, type));
            Random random = new Random(1);
            try {
                for (int piece = 0; piece < megabytes * (MB / PIECE); piece++) {
                    client.send(chunk(random));
                    least[0] = Math.min(least[0], free());
                }
                client.send("0\r\n\r\n");
            } catch (IOException ended) {
                // It was answered and closed while we were sending.
            }
            return client.answer();
        }
    }

    private static Answer sendOn(RawClient client, Random random, int megabytes) throws IOException {
        try {
            for (int piece = 0; piece < megabytes * (MB / PIECE); piece++) {
                client.send(chunk(random));
            }
            client.send("0\r\n\r\n");
        } catch (IOException ended) {
            // As above.
        }
        return client.answer();
    }
}
