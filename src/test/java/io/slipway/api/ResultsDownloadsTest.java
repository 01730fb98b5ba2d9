package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.Databases;
import io.slipway.RawClient;
import io.slipway.RawClient.Answer;
import io.slipway.api.Service.Form;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Downloads of what a run has left, by readers who take nothing: they hold as many threads as their owner may, and nobody else's. */
@DirtiesContext
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            // The SHA-256 of "secret-token" and of "operator-token".
            "slipway.security.tokens.alice=930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94",
            "slipway.security.tokens.bob=0850123315d21ab90f4f7236408a52ef6dbd6a02a6550e5c10dc73f4d993680e",
            "slipway.security.operators=bob",
            "slipway.api.clients.of-owner=2"
        })
@Tag("full")
class ResultsDownloadsTest {

    /** More than the machine's buffers take for a reader. */
    private static final int LENGTH = 12_000_000;

    private static final String PROGRAM = "import os\nos.mkdir('out')\n"
            + "open('out/big.png', 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + os.urandom(" + (LENGTH - 8) + "))\n"
            + "open('out/a.txt', 'w').write('a')\n";

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    private final List<RawClient> readers = new ArrayList<>();
    private Service alice;
    private Service bob;
    private String job;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        Databases.h2(folder).configure(properties);
    }

    @BeforeEach
    void leaveResults() throws Exception {
        alice = new Service(port, "secret-token");
        bob = new Service(port, "operator-token");
        job = alice.post(Form.script(PROGRAM).field("results", "out/**"))
                .json()
                .path("id")
                .asString();
        assertThat(alice.end(job).path("state").asString()).isEqualTo("SUCCEEDED");
        await().until(() ->
                alice.get("/jobs/" + job + "/results").json().path("items").size() == 2);
    }

    @AfterEach
    void goAway() throws Exception {
        for (RawClient reader : readers) {
            reader.close();
        }
    }

    @Test
    void readersWhoTakeNothingHoldNoMoreThreadsThanTheirOwnerMay() throws Exception {
        assertThat(begins("/results.zip")).as("the first").isTrue();
        assertThat(begins("/results/file?path=out/big.png"))
                .as("the last that may wait")
                .isTrue();
        for (String path : List.of("/results.zip", "/results/file?path=out/a.txt", "/logs/stdout")) {
            Answer refused = RawClient.ask(port, request(path));
            assertThat(refused.status()).as(path + refused.text()).isEqualTo(503);
            assertThat(refused.problem()).isEqualTo("too-many-clients");
            assertThat(refused.headers()).containsKey("retry-after");
        }
        assertThat(alice.get("/jobs/" + job + "/results").status())
                .as("what is short is answered")
                .isEqualTo(200);
        assertThat(zip(bob)).containsExactly("out/a.txt", "out/big.png");

        goAway();
        await().until(() ->
                alice.get("/jobs/" + job + "/results/file?path=out/a.txt").status() == 200);
        assertThat(zip(alice)).containsExactly("out/a.txt", "out/big.png");
    }

    @Test
    void aPictureIsShownAsFarAsPicturesAre() throws Exception {
        Service.Answer picture = alice.get("/ui/jobs/" + job + "/results/image?path=out/big.png");
        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.header("Content-Type")).isEqualTo("image/png");
        assertThat(picture.response().body()).hasSize(10 << 20);
        assertThat(alice.get("/ui/jobs/" + job + "/results/image?path=out/a.txt")
                        .status())
                .isEqualTo(404);
    }

    private List<String> zip(Service who) throws Exception {
        Service.Answer answer = who.get("/jobs/" + job + "/results.zip");
        assertThat(answer.status()).isEqualTo(200);
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip =
                new ZipInputStream(new ByteArrayInputStream(answer.response().body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names.stream().sorted().toList();
    }

    /** Whether an answer comes, of which no more is read than how it begins. */
    private boolean begins(String path) throws Exception {
        RawClient reader = new RawClient(port, 4096);
        readers.add(reader);
        return reader.send(request(path)).begins().startsWith("HTTP/1.1 200");
    }

    private String request(String path) {
        return "GET /jobs/" + job + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret-token\r\n\r\n";
    }
}
