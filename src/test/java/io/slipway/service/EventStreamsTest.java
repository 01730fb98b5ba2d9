package io.slipway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.Databases;
import io.slipway.EventReader;
import io.slipway.EventReader.Arrival;
import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.api.stream.LogStreams;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Streams as their readers have them: where they go on, when they end, what they carry and how many there may be. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "slipway.api.stream.most=4",
            "slipway.api.stream.most-of-owner=3",
            "slipway.api.stream.heartbeat=200ms",
            // The hashes of "test" and "bob".
            "slipway.security.tokens.ann=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "slipway.security.tokens.bob=81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9"
        })
@DirtiesContext
@Tag("full")
class EventStreamsTest {

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ENDLESS = "import time\ntime.sleep(600)\n";

    @TempDir
    static Path folder;

    @LocalServerPort
    private int port;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private LogStreams logStreams;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private PlatformTransactionManager transactions;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<EventReader> readers = new ArrayList<>();
    private Service ann;
    private Service bob;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        Databases.h2(folder).configure(properties);
    }

    @BeforeEach
    void connect() {
        ann = new Service(port, "test");
        bob = new Service(port, "bob");
    }

    @AfterEach
    void everyPlaceIsGivenBack() {
        readers.forEach(EventReader::close);
        await().atMost(SOON).until(() -> openStreams() == 0);
    }

    @Test
    void aReaderGoesOnBehindTheLastEventThatTheyHad() throws Exception {
        String id = ended(ann, "print(1)");
        List<Long> all = positions(ann, id);
        EventReader reader = read("test", "/events?after=0", LAST_EVENT_ID, Long.toString(all.get(1)));
        await().atMost(SOON).untilAsserted(() -> assertThat(ofJob(reader, id)).isEqualTo(all.subList(2, all.size())));
    }

    @Test
    void aReaderOfOneJobGoesOnBehindTheLastEventThatTheyHad() throws Exception {
        String id = ended(ann, "print(1)");
        List<Long> all = positions(ann, id);
        EventReader reader = read("test", "/jobs/" + id + "/events", LAST_EVENT_ID, Long.toString(all.get(1)));
        await().atMost(SOON).until(() -> !reader.isOpen());
        assertThat(ofJob(reader, id)).isEqualTo(all.subList(2, all.size()));
    }

    @Test
    void whoComesBackAfterTheEndOfAJobIsToldToStayAway() throws Exception {
        String id = ended(ann, "print(1)");
        List<Long> all = positions(ann, id);
        for (long last : new long[] {all.get(all.size() - 1), all.get(all.size() - 1) + 5000}) {
            Answer answer = stream(ann, "/jobs/" + id + "/events", LAST_EVENT_ID, Long.toString(last));
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.text()).isEmpty();
        }
    }

    @Test
    void aReaderWhoIsAheadOfTheFeedHearsWhatComesNext() throws Exception {
        String ahead = Long.toString(end() + 5000);
        String id = ann.post(Form.script(ENDLESS)).json().path("id").asString();
        EventReader all = read("test", "/events", LAST_EVENT_ID, ahead);
        EventReader one = read("test", "/jobs/" + id + "/events", LAST_EVENT_ID, ahead);
        EventReader after = read("test", "/jobs/" + id + "/events?after=" + ahead);
        ann.post("/jobs/" + id + "/cancel");
        ann.end(id);
        Long last = positions(ann, id).get(positions(ann, id).size() - 1);
        for (EventReader reader : List.of(all, one, after)) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(ofJob(reader, id)).contains(last));
        }
        await().atMost(SOON).until(() -> !one.isOpen() && !after.isOpen());
    }

    @Test
    void readersBeginAgainWhenTheDatabaseIsPutBackUnderARunningService() throws Exception {
        ended(ann, "print(1)");
        EventReader before = read("test", "/events");
        String forgotten = ended(ann, "print(2)");
        List<Long> all = positions(ann, forgotten);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(ofJob(before, forgotten)).isEqualTo(all));
        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            jdbc.update("delete from job_event where feed_position >= ?", all.get(0));
            jdbc.update("update feed set next_position = ?", all.get(0));
        });
        await().atMost(SOON).until(() -> !before.isOpen());

        EventReader again = read("test", "/events", LAST_EVENT_ID, Long.toString(all.get(all.size() - 1)));
        String next = ended(ann, "print(3)");
        List<Long> heard = positions(ann, next);
        assertThat(heard.get(0)).isEqualTo(all.get(0));
        await().atMost(SOON).untilAsserted(() -> assertThat(ofJob(again, next)).isEqualTo(heard));
    }

    @Test
    void theStreamOfAnOwnerHasNothingOfOthers() throws Exception {
        EventReader own = read("bob", "/events?after=0");
        EventReader asked = read("bob", "/events?after=0&owner=ann");
        String anns = ended(ann, "print(1)");
        String bobs = ended(bob, "print(2)");
        List<Long> all = positions(bob, bobs);
        for (EventReader reader : List.of(own, asked)) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(ofJob(reader, bobs)).isEqualTo(all));
            assertThat(ofJob(reader, anns)).isEmpty();
        }
        Answer refused = stream(bob, "/jobs/" + anns + "/events");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.problem()).isEqualTo("job-not-found");
    }

    @Test
    void moreStreamsThanThereArePlacesAreRefusedUntilOneIsGivenBack() throws Exception {
        List<EventReader> anns = new ArrayList<>();
        for (int place = 0; place < 3; place++) {
            anns.add(read("test", "/events"));
        }
        refused(stream(ann, "/events"), 429, "too-many-own-streams");
        read("bob", "/events");
        refused(stream(bob, "/events"), 503, "too-many-streams");
        assertThat(anns).allMatch(EventReader::isOpen);

        anns.get(0).close();
        await().atMost(SOON).until(() -> openStreams() == 3);
        read("test", "/events");
    }

    @Test
    void aLogThatIsFollowedComesAsItIsPrintedAndEndsWithItsRun() throws Exception {
        Path go = folder.resolve("go-on");
        String id = started("print('first', flush=True)\n" + waitFor(go) + "print('second')\n");
        HttpResponse<InputStream> answer = follow(id, "");
        try (InputStream log = answer.body()) {
            assertThat(answer.headers().firstValue("Slipway-Log-Offset")).contains("0");
            assertThat(new String(log.readNBytes(6), UTF_8)).isEqualTo("first\n");
            Files.createFile(go);
            assertThat(new String(log.readAllBytes(), UTF_8)).isEqualTo("second\n");
        }
        assertThat(ann.get("/jobs/" + id).json().path("state").asString()).isEqualTo("SUCCEEDED");
        try (InputStream rest = follow(id, "&offset=6").body();
                InputStream end = follow(id, "&tail=1").body()) {
            assertThat(new String(rest.readAllBytes(), UTF_8)).isEqualTo("second\n");
            assertThat(new String(end.readAllBytes(), UTF_8)).isEqualTo("second\n");
        }
    }

    @Test
    void manyReadersGetTheWholeOfALongLog() throws Exception {
        String id = started("for number in range(200_000):\n    print('a line of a long log', number)\n");
        List<HttpResponse<InputStream>> answers = List.of(follow(id, ""), follow(id, ""), follow(id, ""));
        byte[] first = answers.get(0).body().readAllBytes();
        assertThat(first).hasSizeGreaterThan(4_000_000);
        for (HttpResponse<InputStream> answer : answers.subList(1, 3)) {
            assertThat(answer.body().readAllBytes()).isEqualTo(first);
        }
        assertThat(ann.get("/jobs/" + id + "/logs/stdout").response().body()).isEqualTo(first);
    }

    @Test
    void aLogThatIsFollowedIsOneOfItsReadersStreamsUntilTheyClose() throws Exception {
        String id = started(ENDLESS);
        List<InputStream> logs = new ArrayList<>();
        for (int place = 0; place < 3; place++) {
            logs.add(follow(id, "").body());
        }
        refused(ann.get("/jobs/" + id + "/logs/stdout?follow=true"), 429, "too-many-own-streams");
        refused(stream(ann, "/events"), 429, "too-many-own-streams");
        // Nothing is printed: that its reader is gone, only the connection tells.
        logs.get(0).close();
        await().atMost(SOON).until(() -> openStreams() == 2);
        for (InputStream log : logs) {
            log.close();
        }
        ann.post("/jobs/" + id + "/cancel");
    }

    @Test
    void aLogThatIsBrokenOffIsNotTakenForTheWholeOfIt() throws Exception {
        String id = started("print('first', flush=True)\n" + ENDLESS);
        try (InputStream log = follow(id, "").body()) {
            assertThat(new String(log.readNBytes(6), UTF_8)).isEqualTo("first\n");
            logStreams.stop();
            assertThatThrownBy(log::readAllBytes).isInstanceOf(IOException.class);
        } finally {
            logStreams.start();
            ann.post("/jobs/" + id + "/cancel");
        }
    }

    @Test
    void aLogThatNeverComesIsRefusedAndSoIsThatOfOthers() throws Exception {
        String id = ended(ann, "print(1)");
        assertThat(ann.get("/jobs/" + id + "/logs/spark?follow=true").problem()).isEqualTo("log-not-found");
        assertThat(bob.get("/jobs/" + id + "/logs/stdout?follow=true").problem())
                .isEqualTo("job-not-found");
        assertThat(ann.get("/jobs/" + id + "/logs/stdout?follow=perhaps").status())
                .isEqualTo(400);
    }

    private String started(String program) throws Exception {
        return ann.post(Form.script(program)).json().path("id").asString();
    }

    private HttpResponse<InputStream> follow(String id, String more) throws Exception {
        HttpResponse<InputStream> answer = http.send(
                ann.request("/jobs/" + id + "/logs/stdout?follow=true" + more)
                        .header("Authorization", "Bearer test")
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private static String waitFor(Path file) {
        return "import os, time\nwhile not os.path.exists('" + file + "'):\n    time.sleep(0.05)\n";
    }

    private static void refused(Answer answer, int status, String problem) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.problem()).isEqualTo(problem);
        assertThat(Long.parseLong(answer.header("Retry-After"))).isPositive();
    }

    @Test
    void aLastEventIdThatIsNoneIsRefused() throws Exception {
        for (String wrong : new String[] {"abc", "-1", "18446744073709551615"}) {
            Answer answer = stream(ann, "/events", LAST_EVENT_ID, wrong);
            assertThat(answer.status()).as(wrong).isEqualTo(400);
            assertThat(answer.problem()).isEqualTo("invalid-parameter");
        }
    }

    private EventReader read(String token, String path, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Authorization", "Bearer " + token));
        EventReader reader = EventReader.open(http, "http://127.0.0.1:" + port + path, all.toArray(String[]::new));
        readers.add(reader);
        await().atMost(SOON).until(reader::hasBegun);
        return reader;
    }

    private static Answer stream(Service who, String path, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Accept", "text/event-stream, application/problem+json"));
        return who.get(path, all.toArray(String[]::new));
    }

    private static List<Long> ofJob(EventReader reader, String id) {
        return List.copyOf(reader.arrivals()).stream()
                .filter(arrival -> arrival.job().equals(id))
                .map(Arrival::position)
                .toList();
    }

    private static String ended(Service who, String program) throws IOException, InterruptedException {
        String id = who.post(Form.script(program)).json().path("id").asString();
        who.end(id);
        return id;
    }

    /** Of each line of an ended job, once all have theirs. */
    private static List<Long> positions(Service who, String id) throws Exception {
        await().atMost(SOON)
                .until(() -> StreamSupport.stream(
                                who.get("/jobs/" + id + "/events")
                                        .json()
                                        .path("items")
                                        .spliterator(),
                                false)
                        .noneMatch(line -> line.path("position").isNull()));
        List<Long> all = new ArrayList<>();
        for (JsonNode line : who.get("/jobs/" + id + "/events").json().path("items")) {
            all.add(line.path("position").asLong());
        }
        return all;
    }

    private long end() throws Exception {
        return jdbc.queryForObject("select next_position - 1 from feed", Long.class);
    }

    private double openStreams() {
        return meters.get("slipway.streams").gauge().value()
                + meters.get("slipway.log.streams").gauge().value();
    }
}
