package io.slipway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.SimulatedS3;
import io.slipway.git.GitHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The real jar in 512 MB, told to fetch what was put into S3 and git by somebody who means no good: many at once, all of them allowed. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileSourcesIT {

    /** As many as fetch at once by default, and some that wait. */
    private static final int AT_ONCE = 12;

    /** Their names are longer than 16 MB together, and fewer than the limit of objects. */
    private static final int MOST_OBJECTS = 30_000;

    private SimulatedS3 s3;
    private GitHost git;
    private ServiceProcess service;
    private Path home;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        s3 = SimulatedS3.start().withBucket("data");
        git = GitHost.start(folder.resolve("git"));
        home = folder.resolve("home");
        service = new ServiceProcess(
                        ServiceJar.extracted(),
                        home,
                        "slipway.submission.sources.give-up=20s",
                        "slipway.sources.s3.allow[0].prefix=s3://data/",
                        "slipway.sources.s3.allow[0].owners=*",
                        "slipway.sources.s3.fetch.path-style=true",
                        "slipway.sources.git.allow[0].prefix=" + git.url() + "/team",
                        "slipway.sources.git.allow[0].owners=*",
                        "slipway.sources.git.allow[0].certificate-file=" + git.authority(),
                        "slipway.sources.git.allow[0].addresses=127.0.0.0/8")
                .withEnvironment(Map.of(
                        "AWS_ENDPOINT_URL_S3", s3.endpoint().toString(),
                        "AWS_REGION", SimulatedS3.REGION,
                        "AWS_ACCESS_KEY_ID", "test",
                        "AWS_SECRET_ACCESS_KEY", "test",
                        "AWS_EC2_METADATA_DISABLED", "true",
                        "AWS_CONFIG_FILE", "/dev/null"));
        service.start();
    }

    @AfterAll
    void stop() throws Exception {
        service.close();
        git.close();
        s3.close();
    }

    @Test
    @Timeout(240)
    void listingsOfManyObjectsWithLongNamesDoNotTakeAllMemory() throws Exception {
        String folder = "many/" + ("x".repeat(200) + "/").repeat(4);
        for (int object = 0; object < MOST_OBJECTS; object++) {
            s3.put("data", folder + object, new byte[0]);
        }
        judge(send(AT_ONCE, "s3://data/many/"), "names of the objects");
    }

    @Test
    @Timeout(240)
    void objectsOfGitThatAreLargeInMemoryDoNotTakeAllOfIt() throws Exception {
        GitHost.Repository repository = git.repository("team/tree").with("main.py", "print(1)\n");
        String blob = repository.git("hash-object", "-w", "main.py").strip();
        Path tree = home.resolveSibling("tree");
        byte[] id = HexFormat.of().parseHex(blob);
        try (OutputStream out = Files.newOutputStream(tree)) {
            ByteArrayOutputStream entry = new ByteArrayOutputStream();
            for (int at = 0; at < 60; at++) {
                entry.reset();
                entry.write(("100644 " + "%03d".formatted(at) + "n".repeat(1 << 20) + "\0").getBytes(UTF_8));
                entry.write(id);
                entry.writeTo(out);
            }
        }
        String large = repository
                .git("hash-object", "-t", "tree", "--literally", "-w", tree.toString())
                .strip();
        String commit = repository
                .git("-c", "user.name=T", "-c", "user.email=t@example.org", "commit-tree", large, "-m", "x")
                .strip();
        repository.git("update-ref", "refs/heads/main", commit);
        judge(send(4, "git+" + git.url() + "/team/tree@main"), "64 MB");
    }

    @Test
    @Timeout(240)
    void treesThatNameThemselvesManyTimesAreGivenUp() throws Exception {
        GitHost.Repository repository = git.repository("team/bomb").with("main.py", "print(1)\n");
        String below = repository.git("hash-object", "-w", "main.py").strip();
        String mode = "100644 blob ";
        for (int level = 0; level < 10; level++) {
            Path tree = home.resolveSibling("level");
            String line = mode + below + "\t";
            Files.writeString(
                    tree,
                    IntStream.range(0, 10)
                            .mapToObj(at -> line + "f" + at + "\n")
                            .reduce("", String::concat));
            below = mktree(repository, tree);
            mode = "040000 tree ";
        }
        String commit = repository
                .git("-c", "user.name=T", "-c", "user.email=t@example.org", "commit-tree", below, "-m", "x")
                .strip();
        repository.git("update-ref", "refs/heads/main", commit);
        judge(send(4, "git+" + git.url() + "/team/bomb@main"), "files and folders");
    }

    private static String mktree(GitHost.Repository repository, Path lines) throws Exception {
        Process process = new ProcessBuilder("git", "mktree")
                .directory(repository.work().toFile())
                .redirectInput(lines.toFile())
                .start();
        String tree = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return tree;
    }

    private List<HttpResponse<String>> send(int times, String uri) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(times);
        try {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int request = 0; request < times; request++) {
                boolean isPlan = request % 3 == 2;
                all.add(CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return service.post(isPlan ? "/plans" : "/jobs", new FormBody().field("project", uri));
                            } catch (IOException gone) {
                                throw new java.io.UncheckedIOException(gone);
                            }
                        },
                        threads));
            }
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (CompletableFuture<HttpResponse<String>> each : all) {
                answers.add(each.get(2, TimeUnit.MINUTES));
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Refused at once, or by the end of a job that was answered while its fetch went on; nothing is left of any. */
    private void judge(List<HttpResponse<String>> answers, String why) throws Exception {
        List<String> reasons = new ArrayList<>();
        for (HttpResponse<String> answer : answers) {
            assertThat(answer.statusCode()).as(answer.body()).isIn(202, 413, 422, 503);
            JsonNode body = ServiceClient.JSON.readTree(answer.body());
            if (answer.statusCode() == 202) {
                reasons.add(ended(body.path("id").asString()));
            } else {
                assertThat(body.path("type").asString()).startsWith("urn:slipway:problem:");
                reasons.add(answer.statusCode() + " " + body.path("detail").asString());
            }
        }
        System.out.println(answers.stream().map(HttpResponse::statusCode).toList() + " " + reasons.get(0));
        // Who waited for the others too long is told to come again.
        assertThat(reasons)
                .anyMatch(reason -> reason.contains(why))
                .allMatch(reason -> reason.contains(why)
                        || reason.startsWith("503")
                        || reason.contains("all the while")
                        || reason.contains("not fetched within"));
        assertThat(service.isAlive()).isTrue();
        assertThat(service.get("/actuator/health").statusCode()).isEqualTo(200);
        assertThat(Files.readString(service.log())).doesNotContain("OutOfMemoryError", "Fault 01");
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            try (Stream<Path> left = Files.list(home.resolve("incoming"))) {
                assertThat(left).isEmpty();
            }
        });
    }

    private String ended(String job) {
        JsonNode[] seen = new JsonNode[1];
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
            seen[0] = service.job(job);
            return !seen[0].path("endedAt").isNull();
        });
        assertThat(seen[0].path("reason").path("code").asString()).isEqualTo("SOURCE_FAILED");
        return seen[0].path("reason").path("message").asString();
    }
}
