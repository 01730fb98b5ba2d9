package io.slipway.sources.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.S3Error;
import io.slipway.aws.S3Fault;
import io.slipway.aws.SimulatedS3;
import io.slipway.sources.FetchedSource;
import io.slipway.sources.S3AllowList;
import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import io.slipway.sources.SourceOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3ProjectHostTest {

    private static final String BUCKET = "data";
    private static final long MB = 1 << 20;

    private SimulatedS3 s3;
    private AwsEnvironment aws;
    private SourceClients clients;

    @TempDir
    private Path work;

    @BeforeEach
    void start() throws IOException {
        s3 = SimulatedS3.start().withBucket(BUCKET);
        aws = new AwsEnvironment().withS3(s3.endpoint());
    }

    @AfterEach
    void stop() {
        if (clients != null) {
            clients.close();
        }
        aws.close();
        s3.close();
    }

    @Test
    void fetchesAnObjectAsItIsUnderItsOwnName() throws Exception {
        s3.put(BUCKET, "team/a/project.tar.gz", "bytes".getBytes(UTF_8));
        FetchedSource fetched = host(Duration.ofSeconds(10)).fetch(order("s3://data/team/a/project.tar.gz"));
        assertThat(fetched.fileName()).isEqualTo("project.tar.gz");
        assertThat(fetched.file()).hasContent("bytes");
    }

    @Test
    void makesATarOfTwoThousandObjectsAndLeavesFoldersOut() throws Exception {
        for (int at = 0; at < 2000; at++) {
            s3.put(BUCKET, "team/p/d" + at % 7 + "/f" + at + ".py", ("x=" + at).getBytes(UTF_8));
        }
        s3.put(BUCKET, "team/p/", new byte[0]);
        s3.put(BUCKET, "team/p2/other.py", new byte[1]);
        FetchedSource fetched = host(Duration.ofSeconds(30)).fetch(order("s3://data/team/p/"));
        assertThat(fetched.fileName()).isEqualTo("p.tar");
        Map<String, String> files = untar(fetched.file());
        assertThat(files.size()).isEqualTo(2000);
        assertThat(files.get("d4/f1999.py")).isEqualTo("x=1999");
        assertThat(files.get("d0/f0.py")).isEqualTo("x=0");
    }

    @ParameterizedTest
    @CsvSource({
        "alice, s3://data/team/x.zip, true",
        "alice, s3://data/team, true",
        "alice, s3://data/team/, true",
        "bob, s3://data/team/x.zip, false",
        "alice, s3://data/team2/x.zip, false",
        "alice, s3://data/tea, false",
        "alice, s3://data/, false",
        "alice, s3://data2/team/x.zip, false",
        "bob, s3://data/open/x.zip, true",
        "alice, s3://data/open/x.zip, true"
    })
    void allowsByWholeSegmentsAndOwner(String owner, String uri, boolean isAllowed) {
        SourceFailure failure = catchThrowableOfType(
                SourceFailure.class,
                () -> host(Duration.ofSeconds(5)).fetch(new SourceOrder(owner, uri, null, work, MB, 10)));
        // Nothing is there: who is allowed to look is told so.
        assertThat(failure.kind()).isEqualTo(isAllowed ? Kind.NOT_FOUND : Kind.NOT_ALLOWED);
        assertThat(s3.calls().isEmpty()).isEqualTo(!isAllowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://data/team/../secret.zip",
                "s3://data/team//x.zip",
                "s3://data/team/./x.zip",
                "s3://user:secret@data/team/x.zip",
                "s3://Data/x.zip",
                "s3:///x.zip",
                "s3://data//",
                "s3://data/team/x\u0000.zip"
            })
    void refusesUrisThatAreNoPlainKeys(String uri) {
        assertThat(failure(uri, Duration.ofSeconds(5)).kind()).isEqualTo(Kind.INVALID);
        assertThat(s3.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"team/p/../../x.py", "team/p/a//b.py", "team/p/./x.py"})
    void refusesObjectsWhoseNamesAreNoPaths(String key) {
        s3.put(BUCKET, key, new byte[1]);
        assertThat(failure("s3://data/team/p/", Duration.ofSeconds(5)).kind()).isEqualTo(Kind.INVALID);
        assertThat(s3.calls()).noneMatch(call -> call.startsWith("GetObject"));
    }

    @Test
    void stopsAtTheLimitsOfBytesAndObjects() {
        s3.put(BUCKET, "team/large.zip", new byte[(int) MB + 1]);
        assertThat(failure("s3://data/team/large.zip", Duration.ofSeconds(5)).kind())
                .isEqualTo(Kind.TOO_LARGE);
        s3.put(BUCKET, "team/two/a", new byte[(int) MB]);
        s3.put(BUCKET, "team/two/b", new byte[1]);
        assertThat(failure("s3://data/team/two/", Duration.ofSeconds(5)).kind()).isEqualTo(Kind.TOO_LARGE);
        for (int at = 0; at < 11; at++) {
            s3.put(BUCKET, "team/many/" + at, new byte[0]);
        }
        assertThat(failure("s3://data/team/many/", Duration.ofSeconds(5)).kind())
                .isEqualTo(Kind.TOO_LARGE);
    }

    @Test
    void saysThatItMayNotRead() {
        s3.put(BUCKET, "team/x.zip", new byte[1]);
        s3.failNext("GetObject", S3Fault.error(S3Error.ACCESS_DENIED));
        SourceFailure denied = failure("s3://data/team/x.zip", Duration.ofSeconds(5));
        assertThat(denied.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(denied).hasMessageContaining("403").hasMessageContaining("s3:GetObject");
    }

    @Test
    void readsAgainAfterAnErrorThatPasses() throws Exception {
        s3.put(BUCKET, "team/x.py", "x".getBytes(UTF_8));
        s3.failNext("GetObject", S3Fault.error(S3Error.SLOW_DOWN));
        s3.failNext("GetObject", S3Fault.closedBefore());
        assertThat(host(Duration.ofSeconds(10))
                        .fetch(order("s3://data/team/x.py"))
                        .file())
                .hasContent("x");
    }

    @Test
    @Timeout(10)
    void givesUpASlowSource() {
        s3.put(BUCKET, "team/x.zip", new byte[1]);
        s3.failNext("GetObject", 9, S3Fault.slow(Duration.ofSeconds(20)));
        assertThat(failure("s3://data/team/x.zip", Duration.ofMillis(500)).kind())
                .isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void takesNoObjectThatChangedAfterItWasListed() {
        s3.put(BUCKET, "team/p/a.py", "old".getBytes(UTF_8));
        s3.failNext("GetObject", S3Fault.error(S3Error.PRECONDITION_FAILED));
        assertThat(failure("s3://data/team/p/", Duration.ofSeconds(5)))
                .hasMessageContaining("changed while it was read")
                .extracting(SourceFailure::kind)
                .isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    @Timeout(20)
    void asksForEachObjectAsItWasListed() throws Exception {
        s3.put(BUCKET, "team/p/a.py", "old".getBytes(UTF_8));
        s3.failNext("GetObject", S3Fault.slow(Duration.ofMillis(1500)));
        Thread writer = new Thread(() -> {
            while (s3.calls().stream().noneMatch(call -> call.startsWith("GetObject"))) {
                Thread.onSpinWait();
            }
            s3.put(BUCKET, "team/p/a.py", "newer".getBytes(UTF_8));
        });
        writer.start();
        SourceFailure changed = failure("s3://data/team/p/", Duration.ofSeconds(10));
        writer.join();
        assertThat(changed).hasMessageContaining("changed while it was read");
    }

    @Test
    void readsWithTheCredentialsOfItsEntry() throws Exception {
        s3.put(BUCKET, "own/x.py", "x".getBytes(UTF_8));
        aws.without("aws.accessKeyId").without("aws.secretAccessKey");
        Path file = Files.writeString(
                work.resolve("credentials"), "[team]\naws_access_key_id = A\naws_secret_access_key = B\n");
        S3AllowList.Entry entry = new S3AllowList.Entry("s3://data/own", List.of("alice"), file, "team");
        assertThat(host(Duration.ofSeconds(5), entry)
                        .fetch(order("s3://data/own/x.py"))
                        .file())
                .hasContent("x");
    }

    private SourceFailure failure(String uri, Duration timeout) {
        return catchThrowableOfType(SourceFailure.class, () -> host(timeout).fetch(order(uri)));
    }

    private SourceOrder order(String uri) throws IOException {
        return new SourceOrder(
                "alice", uri, null, Files.createTempDirectory(work, "order"), MB, uri.contains("many") ? 10 : 5000);
    }

    private S3ProjectHost host(Duration timeout) {
        return host(
                timeout,
                new S3AllowList.Entry("s3://data/team", List.of("alice"), null, "default"),
                new S3AllowList.Entry("s3://data/open/", List.of("*"), null, "default"));
    }

    private S3ProjectHost host(Duration timeout, S3AllowList.Entry... entries) {
        S3FetchSettings settings = new S3FetchSettings(true, timeout, Duration.ofSeconds(10), 8, 2);
        if (clients != null) {
            clients.close();
        }
        clients = new SourceClients(settings);
        return new S3ProjectHost(new S3AllowList(List.of(entries)), clients, settings);
    }

    private static Map<String, String> untar(Path file) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(file))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), UTF_8));
            }
        }
        return files;
    }
}
