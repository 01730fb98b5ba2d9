package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * {@code kill -9} of the real jar. Every project writes its name to a file outside when it starts, which tells how often it ran.
 * {@code -Dslipway.crash.answers=…} and {@code -Dslipway.crash.uploads=…} make it longer, {@code -Dslipway.crash.seed=…} repeats one.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CrashIT {

    /** Answers that have to be followed by a kill so soon; a quiet machine of two cores needs some three minutes for 100. */
    private static final int ANSWERS = Integer.getInteger("slipway.crash.answers", 100);

    private static final Duration SOON = Duration.ofMillis(50);

    /** Kills in the middle of uploads; a dozen of them are under way at each. */
    private static final int UPLOAD_KILLS = Integer.getInteger("slipway.crash.uploads", 3);

    private static final long SEED = Long.getLong("slipway.crash.seed", System.nanoTime());

    /** An upload that nobody stores is given up after this; scaled down together with the heartbeat. */
    private static final Duration UPLOAD_LAPSE = Duration.ofSeconds(2);

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private ServiceProcess service;
    private Path ran;

    @BeforeAll
    static void tellTheSeed() {
        System.out.println("CrashIT: -Dslipway.crash.seed=" + SEED);
    }

    @BeforeEach
    void startTheService() throws IOException {
        ran = Files.createFile(folder.resolve("ran"));
        service = new ServiceProcess(
                        ServiceJar.extracted(),
                        folder.resolve("home"),
                        "slipway.clusters.local.local.parallelism=12",
                        "slipway.reconcile.tick=200ms",
                        "slipway.reconcile.upload-lapse=" + UPLOAD_LAPSE.toMillis() + "ms",
                        "slipway.submission.heartbeat=300ms",
                        "slipway.submission.max-concurrent-uploads=100",
                        "slipway.submission.max-concurrent-uploads-of-owner=100",
                        // All of them are slow, and of one owner.
                        "server.tomcat.threads.max=400",
                        "slipway.api.clients.of-owner=150",
                        "slipway.submission.min-free-disk=100MB")
                .start();
    }

    @AfterEach
    void stopTheService() throws InterruptedException {
        service.close();
    }

    @Test
    void noJobIsLostOrRunTwiceWhenTheServiceDiesRightAfterTheAnswer() throws Exception {
        List<PacedUpload> sent = new ArrayList<>();
        int soon = 0;
        int kills = 0;
        while (soon < ANSWERS) {
            assertThat(kills).as("kills for %s answers", soon).isLessThan(ANSWERS);
            soon += answersRightBeforeAKill(kills++, sent);
            service.start();
        }
        System.out.println("CrashIT: " + soon + " answers within " + SOON.toMillis() + " ms of one of " + kills
                + " kills, " + sent.size() + " sent");

        awaitTheEndOfAll();
        Map<String, JsonNode> jobs = jobsById();
        sent.stream()
                .filter(PacedUpload::isAccepted)
                .forEach(upload -> assertThat(jobs)
                        .as("answered with 202: %s", upload.key())
                        .containsKey(upload.jobId()));
        assertThat(jobs.values())
                .allSatisfy(job -> assertThat(state(job)).as(job.toString()).isIn("SUCCEEDED", "FAILED"))
                .filteredOn(job -> !state(job).equals("SUCCEEDED"))
                .allSatisfy(job -> assertThat(job.at("/reason/code").asString()).isEqualTo("UPLOAD_INTERRUPTED"));
        assertThatEachRanOnce(jobs);
    }

    /** Sends many at once, kills when a good deal of them has just been answered, and tells how many that were. */
    private int answersRightBeforeAKill(int kill, List<PacedUpload> all) throws InterruptedException {
        sendAndAwait(uploads("warm-" + kill, 12, new CountDownLatch(0)), all);
        CountDownLatch go = new CountDownLatch(1);
        List<PacedUpload> uploads = uploads("answer-" + kill, 30, go);
        all.addAll(uploads);
        List<Thread> threads = start(uploads);
        // The bodies are there but for their last byte.
        Thread.sleep(300);
        int wanted = 4 + random.nextInt(5);
        go.countDown();
        long patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (answered(uploads, SOON.minusMillis(6)) < wanted
                && answered(uploads, LONG) < uploads.size() - 5
                && System.nanoTime() < patience) {
            Thread.sleep(1);
        }
        service.kill();
        long killed = System.nanoTime();
        join(threads);
        service.awaitEnd();
        return (int) uploads.stream()
                .filter(PacedUpload::isAccepted)
                .filter(upload -> killed - upload.answeredAt() <= SOON.toNanos())
                .count();
    }

    private List<PacedUpload> uploads(String prefix, int count, CountDownLatch go) {
        List<PacedUpload> uploads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = prefix + "-" + i;
            // Of three, one is a project that is stored already.
            String project = program(name, i % 3 == 0 ? "" : "# " + name + "\n");
            uploads.add(new PacedUpload(service.port(), name, small(name, project), go, Duration.ZERO));
        }
        return uploads;
    }

    private static void sendAndAwait(List<PacedUpload> uploads, List<PacedUpload> all) throws InterruptedException {
        all.addAll(uploads);
        join(start(uploads));
        assertThat(uploads).allMatch(PacedUpload::isAccepted);
    }

    private static int answered(List<PacedUpload> uploads, Duration lately) {
        long since = System.nanoTime() - lately.toNanos();
        return (int) uploads.stream()
                .filter(upload -> upload.isAccepted() && upload.answeredAt() >= since)
                .count();
    }

    @Test
    void anUploadThatTheServiceDiesInLeavesNothingStuckAndItsKeyFree() throws Exception {
        List<PacedUpload> sent = new ArrayList<>();
        byte[] ballast = new byte[3 * 1024 * 1024];
        random.nextBytes(ballast);
        for (int kill = 0; kill < UPLOAD_KILLS; kill++) {
            List<PacedUpload> uploads = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String name = "upload-" + kill + "-" + i;
                FormBody form = large(name, ballast);
                Duration pace = Duration.ofMillis(random.nextInt(1000));
                uploads.add(new PacedUpload(service.port(), name, form, new CountDownLatch(0), pace));
            }
            List<Thread> threads = start(uploads);
            // At the first kill none is stored yet; later some are, and the others are at every stage before that.
            Thread.sleep(300 + random.nextInt(500));
            int wanted = Math.min(8, kill * 2) + random.nextInt(3);
            await().pollInterval(Duration.ofMillis(5)).atMost(LONG).until(() -> answered(uploads, LONG) >= wanted);
            Thread.sleep(random.nextInt(30));
            service.kill();
            join(threads);
            service.awaitEnd();
            sent.addAll(uploads);
            boolean left = !filesIn(folder.resolve("home/incoming")).isEmpty();
            service.start();
            assertThat(filesIn(folder.resolve("home/incoming"))).as("swept").isEmpty();
            System.out.println("CrashIT: kill " + kill + " at "
                    + uploads.stream().filter(PacedUpload::isAccepted).count() + " of 12 accepted, spooled files left: "
                    + left + ", states of all so far " + states());
        }

        await().atMost(LONG).until(() -> !states().containsKey("RECEIVING"));
        for (PacedUpload upload : sent) {
            HttpResponse<String> again = service.post("/jobs", upload.form(), "Idempotency-Key", upload.key());
            assertThat(again.statusCode())
                    .as("%s: %s", upload.key(), again.body())
                    .isIn(200, 202);
            if (upload.isAccepted()) {
                assertThat(ServiceClient.JSON.readTree(again.body()).get("id").asString())
                        .isEqualTo(upload.jobId());
            }
        }
        awaitTheEndOfAll();
        Map<String, JsonNode> jobs = jobsById();
        assertThat(jobs.values())
                .allSatisfy(
                        job -> assertThat(state(job) + job.at("/reason/code").asString(""))
                                .isIn("SUCCEEDED", "FAILEDUPLOAD_INTERRUPTED"))
                .filteredOn(job -> state(job).equals("SUCCEEDED"))
                .hasSameSizeAs(sent);
        assertThatEachRanOnce(jobs);
    }

    @Test
    void runsAreFoundAgainWithTheirTrueEnd() throws Exception {
        String goesOn = submit("goes-on", 0);
        String fails = submit("fails", 7);
        String isCancelled = submit("is-cancelled", 0);
        for (String id : List.of(goesOn, fails, isCancelled)) {
            await().atMost(LONG).until(() -> state(service.job(id)).equals("RUNNING"));
        }
        await().atMost(LONG).until(() -> Files.readAllLines(ran).size() == 3);

        service.kill();
        service.awaitEnd();
        Files.createFile(folder.resolve("go-fails"));
        await().atMost(LONG).until(() -> Files.exists(folder.resolve("gone-fails")));
        service.start();

        await().atMost(LONG).until(() -> state(service.job(fails)).equals("FAILED"));
        assertThat(service.job(fails).at("/runs/0/exitStatus").asInt()).isEqualTo(7);
        assertThat(service.job(fails).at("/reason/code").asString()).isEqualTo("RUN_FAILED");
        assertThat(state(service.job(goesOn))).isEqualTo("RUNNING");
        assertThat(service.post("/jobs/" + isCancelled + "/cancel").statusCode())
                .isEqualTo(200);
        await().atMost(LONG).until(() -> state(service.job(isCancelled)).equals("CANCELLED"));
        Files.createFile(folder.resolve("go-goes-on"));
        await().atMost(LONG).until(() -> state(service.job(goesOn)).equals("SUCCEEDED"));
        assertThat(Files.readAllLines(ran)).containsExactlyInAnyOrder("goes-on", "fails", "is-cancelled");
    }

    /** Runs until it is told to go on, or for two minutes where nobody does. */
    private String submit(String name, int exitStatus) throws IOException {
        String wait = "import os, sys, time\n"
                + "until = time.monotonic() + 120\n"
                + "while not os.path.exists('%s') and time.monotonic() < until:\n    time.sleep(0.05)\n"
                        .formatted(folder.resolve("go-" + name))
                + "open('%s', 'w').close()\nsys.exit(%d)\n".formatted(folder.resolve("gone-" + name), exitStatus);
        HttpResponse<String> answer = service.post("/jobs", small(name, program(name, wait)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return ServiceClient.JSON.readTree(answer.body()).get("id").asString();
    }

    private String program(String name, String rest) {
        String line = rest.isEmpty() ? "sys.argv[1]" : "'" + name + "'";
        return """
                import os, sys
                file = os.open('%s', os.O_WRONLY | os.O_APPEND)
                os.write(file, (%s + '\\n').encode())
                %s""".formatted(ran, line, rest);
    }

    private static FormBody small(String name, String program) {
        return new FormBody()
                .field("name", name)
                .field("arguments", name)
                .file("project", "main.py", program.getBytes(StandardCharsets.UTF_8));
    }

    /** A zip that cannot be made smaller, so that storing takes its time. */
    private FormBody large(String name, byte[] ballast) throws IOException {
        var zip = new java.io.ByteArrayOutputStream();
        try (var out = new java.util.zip.ZipOutputStream(zip)) {
            out.setLevel(0);
            out.putNextEntry(new java.util.zip.ZipEntry("main.py"));
            out.write(program(name, "# " + name + "\n").getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new java.util.zip.ZipEntry("ballast"));
            out.write(ballast);
        }
        return new FormBody().field("name", name).file("project", "project.zip", zip.toByteArray());
    }

    private static List<Thread> start(List<PacedUpload> uploads) {
        List<Thread> threads = uploads.stream().map(Thread::new).toList();
        threads.forEach(Thread::start);
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.MINUTES.toMillis(1));
        }
    }

    private void awaitTheEndOfAll() {
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> service.jobs().stream()
                        .allMatch(job -> !job.get("endedAt").isNull()));
    }

    private Map<String, JsonNode> jobsById() throws IOException {
        Map<String, JsonNode> jobs = new HashMap<>();
        service.jobs().forEach(job -> jobs.put(job.get("id").asString(), job));
        return jobs;
    }

    private Map<String, Long> states() throws IOException {
        return service.jobs().stream().collect(Collectors.groupingBy(CrashIT::state, Collectors.counting()));
    }

    private void assertThatEachRanOnce(Map<String, JsonNode> jobs) throws IOException {
        List<String> expected = jobs.values().stream()
                .filter(job -> state(job).equals("SUCCEEDED"))
                .map(job -> job.get("name").asString())
                .toList();
        assertThat(Files.readAllLines(ran)).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static String state(JsonNode job) {
        return job.get("state").asString();
    }

    static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
