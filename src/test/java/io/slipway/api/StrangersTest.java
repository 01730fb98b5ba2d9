package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import io.slipway.RawClient;
import io.slipway.RawClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What somebody without a token can make the service do: nothing but answer with a problem. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            // The SHA-256 of "secret-token".
            "slipway.security.tokens.alice=930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94",
            "slipway.api.clients.headers=2s",
            "slipway.api.clients.patience=1s",
            "slipway.api.clients.of-nobody=2",
            "slipway.submission.max-concurrent-uploads=2"
        })
@ExtendWith(OutputCaptureExtension.class)
class StrangersTest {

    private static final String HOST = "\r\nHost: localhost\r\n";
    private static final String TOKEN = "Authorization: Bearer secret-token\r\n";
    private static final String FORM = "Content-Type: multipart/form-data; boundary=b\r\n";

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        Databases.h2(folder).configure(properties);
    }

    static Stream<String> multipartThatNobodyWants() {
        String bad = "Cookie: slipway-session=bad\r\n";
        return Stream.of(
                "POST /ui/login HTTP/1.1" + HOST,
                "POST /ui/x HTTP/1.1" + HOST,
                "POST /assets/x HTTP/1.1" + HOST,
                "POST /actuator/health HTTP/1.1" + HOST,
                "POST /jobs HTTP/1.1" + HOST,
                "POST /plans HTTP/1.1" + HOST,
                "POST /jobs HTTP/1.1" + HOST + bad,
                "POST /jobs?_csrf=x HTTP/1.1" + HOST + bad,
                "POST /ui/logout HTTP/1.1" + HOST + bad,
                "POST /error HTTP/1.1" + HOST,
                "PUT /jobs HTTP/1.1" + HOST,
                "DELETE /jobs HTTP/1.1" + HOST,
                "POST /jobs;x HTTP/1.1" + HOST,
                "POST /jobs HTTP/1.1" + HOST + "Authorization: Bearer wrong\r\n",
                "POST /jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN/cancel HTTP/1.1" + HOST + TOKEN,
                "POST /nowhere HTTP/1.1" + HOST + TOKEN);
    }

    @ParameterizedTest
    @MethodSource("multipartThatNobodyWants")
    void aFormThatNobodyWantsIsAnsweredWhileItComesAndLeavesNothingOnTheDisk(String request) throws Exception {
        for (String length :
                List.of("Content-Length: 40000\r\n", "Content-Length: 4000000\r\n", "Transfer-Encoding: chunked\r\n")) {
            try (RawClient client = new RawClient(port)) {
                String part = "--b\r\nContent-Disposition: form-data; name=\"project\"; filename=\"x\"\r\n\r\n"
                        + "x".repeat(20_000);
                client.send(request + FORM + length + "\r\n");
                client.send(
                        length.startsWith("T") ? Integer.toHexString(part.length()) + "\r\n" + part + "\r\n" : part);

                Answer answer = client.answer();

                assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
                assertThat(answer.problem()).as(answer.text()).isNotEmpty();
                assertThat(answer.headers()).containsEntry("connection", "close");
                assertThat(spooled()).isEmpty();
            }
        }
    }

    /** What Tomcat finds wrong with a body while a handler reads it is the client's fault, not ours. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1\r\nx\r\n0\r\n\r\n",
                "FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n",
                "nonsense",
                "TRAILERS",
                "EXTENSIONS"
            })
    void aBodyOfBrokenChunksIsRefusedWithoutAStackTrace(String body, CapturedOutput output) throws Exception {
        String chunks = body.replace("TRAILERS", "1\r\nx\r\n0\r\n" + "X: y\r\n".repeat(5000) + "\r\n")
                .replace("EXTENSIONS", ("1;" + "a".repeat(500) + "\r\nx\r\n").repeat(300) + "0\r\n\r\n");
        for (String type : List.of("application/zip", "multipart/form-data; boundary=b")) {
            Answer answer = RawClient.ask(
                    port,
                    "POST /plans HTTP/1.1" + HOST + TOKEN + "Content-Type: " + type
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(answer.problem()).isEqualTo("malformed-request");
            assertThat(answer.text()).contains("/plans").doesNotContain("/error");
        }
        assertThat(output.getAll()).doesNotContain("\tat ").doesNotContain("ERROR");
    }

    /** Anybody can send it, so it would fill the log. */
    @Test
    void aRequestThatIsNoneIsNotLogged() {
        assertThat(LoggerFactory.getLogger("org.apache.coyote.http11.Http11Processor")
                        .isInfoEnabled())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/jobs?%",
                "/jobs?x=%ff",
                "/ui/login?%",
                "/ui/login?next=%ff",
                "/jobs?x=%00",
                "/jobs//logs",
                "/jobs/%0a",
                "/jobs/%00",
                "/jobs/%",
                "/jobs/%ff",
                "/jobs?a[]=1",
                "/jobs?state=&state=RUNNING",
                "/jobs;a=b",
                "/error",
                "/jobs/..%2f..",
                "/../x",
                "//",
                "*",
                "http://",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/ui/%0d%0ax",
                "/jobs?limit=99999999999999999999",
                "/events?state=x",
                "/jobs?state=RUNNING,",
                "/jobs?createdFrom=now"
            })
    void nonsenseInAnAddressIsNeverAFault(String address) throws Exception {
        for (String who : List.of("", TOKEN)) {
            Answer answer = RawClient.ask(port, "GET " + address + " HTTP/1.1" + HOST + who + "\r\n");

            assertThat(answer.status()).as(answer.text()).isBetween(200, 499);
            assertThat(answer.status() < 400 || !answer.problem().isEmpty())
                    .as(answer.headers() + answer.text())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: garbage",
                "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: ;;;/",
                "GET /jobs HTTP/1.1\r\nHost: localhost\r\nAccept: text/\u0085",
                "GET /jobs/x HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"\u0085\u009f\"",
                "GET /jobs/x HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=99999999999999",
                "GET /jobs HTTP/1.1\r\nHost: ]",
                "GET /jobs HTTP/1.1\r\nHost: a b",
                "GET /jobs HTTP/1.1\r\nHost:",
                "GET /jobs HTTP/1.1\r\nX-Y: 1",
                "GET /jobs HTTP/1.1\r\nHost: localhost\r\nHost: other",
                "GET /jobs HTTP/9.9\r\nHost: localhost",
                "GE<T /jobs HTTP/1.1\r\nHost: localhost",
                "GET /jobs?<> HTTP/1.1\r\nHost: localhost",
                "GET /jobs[0] HTTP/1.1\r\nHost: localhost",
                "GET\r\nHost: localhost",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: x",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: nonsense",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: /",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nCookie: slipway-session=\u0080; =;;",
                "GET /jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ====",
                "GET /jobs HTTP/1.1\r\nHost: localhost\r\nAccept-Language: \u0080;q=x",
                "TRACE /jobs HTTP/1.1\r\nHost: localhost",
                "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost",
                "NONSENSE /jobs HTTP/1.1\r\nHost: localhost",
                "OPTIONS * HTTP/1.1\r\nHost: localhost",
                "GET /jobs HTTP/1.1\r\nHost: localhost\r\nExpect: nonsense",
                "GET /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5",
                "GET /jobs HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: upgrade",
                "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nLast-Event-ID: x"
            })
    void nonsenseInARequestIsNeverAFault(String request) throws Exception {
        for (String who : List.of("", TOKEN)) {
            Answer answer = RawClient.ask(port, request + "\r\n" + who + "\r\n");

            assertThat(answer.status() < 500 || answer.status() == 501 || answer.status() == 505)
                    .as(answer.status() + answer.text())
                    .isTrue();
            assertThat(answer.status() < 400 || !answer.problem().isEmpty())
                    .as(answer.status() + " " + answer.headers() + answer.text())
                    .isTrue();
        }
    }

    @Test
    void bodiesThatAreNoUploadsAreShort() throws Exception {
        String form = "POST /ui/login HTTP/1.1" + HOST + "Content-Type: application/x-www-form-urlencoded\r\n";

        assertThat(RawClient.ask(port, form + "Content-Length: 70000\r\n\r\n").problem())
                .isEqualTo("body-too-large");
        try (RawClient client = new RawClient(port)) {
            client.send(form + "Transfer-Encoding: chunked\r\n\r\n");
            client.send("11170\r\n" + "a".repeat(0x11170) + "\r\n");
            assertThat(client.answer().problem()).isEqualTo("body-too-large");
        }
    }

    @Test
    void headersThatDoNotComeAreNotWaitedFor() throws Exception {
        long began = System.nanoTime();
        try (RawClient client = new RawClient(port)) {
            for (int piece = 0; piece < 25; piece++) {
                try {
                    client.send(piece == 0 ? "GET / HTTP/1.1\r\nX: " : "x");
                } catch (IOException ended) {
                    break;
                }
                Thread.sleep(200);
            }
            assertThat(client.isEnded()).isTrue();
            assertThat(System.nanoTime() - began).isBetween(1_900_000_000L, 4_500_000_000L);
        }
    }

    @Test
    void aBodyThatTricklesIsRefusedAndTheThreadIsFree() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.send("POST /ui/login HTTP/1.1" + HOST
                    + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ntoken=");

            Answer answer = client.answer();

            assertThat(answer.status()).as(answer.text()).isEqualTo(408);
            assertThat(answer.problem()).isEqualTo("too-slow");
        }
    }

    @Test
    void strangersGetNoMorePlacesThanThereAreForThem() throws Exception {
        String form = "POST /ui/login HTTP/1.1" + HOST
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ntoken=";
        try (RawClient one = new RawClient(port).send(form);
                RawClient two = new RawClient(port).send(form)) {
            Thread.sleep(200);
            long began = System.nanoTime();
            Answer refused = RawClient.ask(port, form);

            assertThat(refused.status()).as(refused.text()).isEqualTo(503);
            assertThat(refused.problem()).isEqualTo("too-many-clients");
            assertThat(refused.headers()).containsKey("retry-after");
            assertThat(System.nanoTime() - began).isLessThan(800_000_000L);
            assertThat(RawClient.ask(port, "GET /actuator/health HTTP/1.1" + HOST + "\r\n")
                            .status())
                    .isEqualTo(200);
            assertThat(RawClient.ask(port, "GET /jobs HTTP/1.1" + HOST + TOKEN + "\r\n")
                            .status())
                    .isEqualTo(200);
            assertThat(one.answer().status()).isEqualTo(408);
            assertThat(two.answer().status()).isEqualTo(408);
        }
    }

    @Test
    void whoseUploadIsRefusedSeesTheAnswerThoughTheySendOn() throws Exception {
        byte[] piece = new byte[1 << 20];
        for (String request : List.of("POST /jobs HTTP/1.1" + HOST, "POST /nowhere HTTP/1.1" + HOST + TOKEN)) {
            try (RawClient client = new RawClient(port)) {
                client.send(request + FORM + "Transfer-Encoding: chunked\r\n\r\n");
                for (int sent = 0; sent < 64; sent++) {
                    client.send(Integer.toHexString(piece.length) + "\r\n");
                    client.send(piece);
                    client.send("\r\n");
                }

                assertThat(client.answer().status()).isIn(401, 404);
            }
        }
    }

    @Test
    void requestsInARowUseOneConnection() throws Exception {
        try (RawClient client = new RawClient(port)) {
            for (int again = 0; again < 3; again++) {
                assertThat(client.send("GET /jobs HTTP/1.1" + HOST + TOKEN + "\r\n")
                                .answer()
                                .status())
                        .isEqualTo(200);
                assertThat(client.send("POST /jobs/x/cancel HTTP/1.1" + HOST + TOKEN + "Content-Length: 0\r\n\r\n")
                                .answer()
                                .problem())
                        .isEqualTo("job-not-found");
                String body = "--b\r\n"
                        + "Content-Disposition: form-data; name=\"project\"; filename=\"a.py\"\r\n\r\n"
                        + "print(1)\r\n"
                        + "--b--\r\n";
                assertThat(client.send("POST /plans HTTP/1.1" + HOST + TOKEN + FORM
                                        + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length())
                                        + "\r\n" + body + "\r\n0\r\n\r\n")
                                .answer()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    private static List<Path> spooled() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("home").resolve("incoming"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
