package io.slipway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepOutput;
import io.slipway.aws.StepScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Logs that are longer than the whole heap of the service that shows them: the jar has 512 MB, each log 600. */
@Tag("full")
class LargeLogIT {

    private static final String CLUSTER = "j-2AXXXXXXGAPLF";
    private static final String APPLICATION = "application_1767614400000_0042";
    private static final String DRIVER =
            "logs/" + CLUSTER + "/containers/" + APPLICATION + "/container_1767614400000_0042_01_000001/stdout.gz";

    /** Of 60 bytes each. */
    private static final int LINES = 10_500_000;

    private static final long SOON = 1000;

    @TempDir
    Path folder;

    private SimulatedEmr emr;
    private SimulatedS3 s3;
    private ServiceProcess service;

    @BeforeEach
    void start() throws IOException {
        emr = SimulatedEmr.start(Clock.systemUTC()).withCluster(CLUSTER, 2, "s3://artifacts/logs/");
        emr.script(name -> StepScript.succeedsAfter(Duration.ofSeconds(2)));
        s3 = SimulatedS3.start().withBucket("artifacts");
        service = new ServiceProcess(
                        ServiceJar.file(),
                        folder.resolve("home"),
                        "slipway.artifacts.s3.bucket=artifacts",
                        "slipway.artifacts.s3.path-style=true",
                        "slipway.clusters.here.local.parallelism=2",
                        "slipway.clusters.analytics.emr.cluster-id=" + CLUSTER,
                        "slipway.default-cluster=here",
                        "slipway.compute.emr.log-path-style=true",
                        "slipway.compute.emr.pace=500ms",
                        "slipway.compute.emr.cluster-age=1s",
                        "slipway.reconcile.applications=300ms")
                .withEnvironment(AwsEnvironment.variables(emr, s3))
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        service.close();
        emr.close();
        s3.close();
    }

    @Test
    void oneOfThisMachineOpensAtItsEndWithinASecond() throws Exception {
        String id = submit("here", """
            import sys
            block = 10000
            for start in range(0, %d, block):
                sys.stdout.write(''.join(f'{n:09d} row of the table, with text to make the line long\\n' for n in range(start, start + block)))
            print('needle', end='\\n')
            """.formatted(LINES));
        await().atMost(Duration.ofMinutes(3))
                .until(() -> service.job(id).path("state").asString().equals("SUCCEEDED"));

        opensAtItsEnd(id, "stdout");
        String tail = service.get("/jobs/" + id + "/logs/stdout?tail=1").body();
        assertThat(tail).isEqualTo("needle\n");
        assertThat(service.isAlive()).isTrue();
    }

    @Test
    void oneThatLiesCompressedInS3IsInflatedOnceWhileItIsLookedAt() throws Exception {
        s3.put(
                "artifacts",
                "logs/" + CLUSTER + "/steps/s-00000000000000000001/stderr.gz",
                StepOutput.gzip(StepOutput.submitting(APPLICATION)));
        s3.put("artifacts", DRIVER, compressed());
        String id = submit("analytics", "print('on the cluster')");
        await().atMost(Duration.ofMinutes(1))
                .until(() ->
                        service.job(id).at("/runs/0/applicationId").asString("").equals(APPLICATION));

        warmUp(id);
        long before = System.nanoTime();
        JsonNode first = look(id, "stdout", "END", 0);
        System.out.printf("first look at the compressed log: %d ms, %s%n", millis(before), first.at("/log/progress"));
        assertThat(millis(before)).isLessThan(2 * SOON);
        double far = 0;
        JsonNode now = first;
        while (now.at("/log/progress").asDouble() < 1) {
            assertThat(now.at("/log/progress").asDouble()).isGreaterThanOrEqualTo(far);
            far = now.at("/log/progress").asDouble();
            Thread.sleep(200);
            now = look(id, "stdout", "END", 0);
        }
        System.out.printf("inflated %s bytes in %d ms%n", now.at("/log/size"), millis(before));

        opensAtItsEnd(id, "stdout");
        assertThat(s3.calls())
                .filteredOn(call -> call.equals("GetObject " + DRIVER))
                .hasSize(1);
        assertThat(service.isAlive()).isTrue();
    }

    private void opensAtItsEnd(String id, String stream) throws Exception {
        warmUp(id);
        long page = Long.MAX_VALUE;
        long window = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            assertThat(service.get("/ui/jobs/" + id + "?log=" + stream, "Accept", "text/html")
                            .body())
                    .contains("needle");
            page = Math.min(page, millis(start));
            start = System.nanoTime();
            JsonNode end = look(id, stream, "END", 0);
            window = Math.min(window, millis(start));
            assertThat(end.path("lines").get(end.path("lines").size() - 1).asString())
                    .isEqualTo("needle");
            assertThat(end.at("/log/size").asLong()).isGreaterThan(600_000_000L);
        }
        System.out.printf("%s: page %d ms, window at the end %d ms%n", stream, page, window);
        assertThat(page).as("page").isLessThan(SOON);
        assertThat(window).as("window").isLessThan(SOON);

        assertThat(number(id, stream)).isEqualTo(LINES + 1L);
        JsonNode middle = look(id, stream, "LINE", 5_000_001);
        long first = middle.path("firstLine").asLong();
        assertThat(middle.path("lines").get((int) (5_000_001 - first)).asString())
                .startsWith("005000000 row");
        assertThat(find(id, stream, "NEEDLE")).isPositive();
    }

    /** The number of the last line, counted in as many calls as it takes. */
    private long number(String id, String stream) throws IOException {
        JsonNode end = look(id, stream, "END", 0);
        long last = end.path("end").asLong() - "needle\n".length();
        String address = "/ui/jobs/" + id + "/log/" + stream + "/number?attempt=1&at=" + last;
        JsonNode line = service.json(address).path("line");
        while (line.isNull()) {
            line = service.json(address).path("line");
        }
        return line.asLong();
    }

    private long find(String id, String stream, String text) throws IOException {
        String address = "/ui/jobs/" + id + "/log/" + stream + "/find?attempt=1&text=" + URLEncoder.encode(text, UTF_8);
        JsonNode found = service.json(address);
        while (found.path("lines").isEmpty() && !found.path("isOver").asBoolean()) {
            found = service.json(address + "&from=" + found.path("searchedTo").asLong());
        }
        return found.at("/lines/0").asLong(-1);
    }

    private JsonNode look(String id, String stream, String place, long at) throws IOException {
        String window = "?attempt=1&lines=500&anchor=" + place + "&at=" + at;
        return service.json("/ui/jobs/" + id + "/log/" + stream + window).path("window");
    }

    /** What is measured is the log and not how classes are loaded. */
    private void warmUp(String id) throws IOException {
        service.get("/ui/jobs/" + id + "?log=nothing", "Accept", "text/html");
        service.get("/ui/jobs/" + id + "/log/nothing?attempt=1&anchor=END");
    }

    private String submit(String cluster, String program) throws IOException {
        FormBody form = new FormBody()
                .file("project", "main.py", program.getBytes(UTF_8))
                .field("cluster", cluster);
        return ServiceClient.JSON
                .readTree(service.post("/jobs", form).body())
                .path("id")
                .asString();
    }

    private static byte[] compressed() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes, 1 << 16)) {
            StringBuilder block = new StringBuilder();
            for (int line = 0; line < LINES; line++) {
                String number = Integer.toString(line);
                block.append("000000000", 0, 9 - number.length())
                        .append(number)
                        .append(" row of the table, with text to make the line long\n");
                if (block.length() > 1 << 16) {
                    gzip.write(block.toString().getBytes(UTF_8));
                    block.setLength(0);
                }
            }
            gzip.write(block.append("needle\n").toString().getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static long millis(long since) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    }
}
