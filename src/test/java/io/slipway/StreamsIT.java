package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.Databases.Database;
import io.slipway.EventReader.Arrival;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

/** The real jar with very many readers: what they cost, how late they are, and what becomes of one who does not read. */
@Tag("full")
class StreamsIT {

    private static final int STREAMS = 200;
    private static final int CHANGES_A_SECOND = 50;

    /** A job that is sent and cancelled has changed three times: RECEIVING, QUEUED, CANCELLED. */
    private static final int CHANGES_A_JOB = 3;

    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration MEASURED = Duration.ofSeconds(12);
    private static final int WINDOWS = 3;

    /** Generous: what the fan-out itself takes is printed. */
    private static final Duration LATEST = Duration.ofSeconds(2);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService senders = Executors.newScheduledThreadPool(4);
    private final List<EventReader> readers = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        senders.shutdownNow();
        readers.forEach(EventReader::close);
    }

    @Test
    void twoHundredReadersAreServedByLessThanACoreAndInTime() throws Exception {
        try (ServiceProcess service = new ServiceProcess(ServiceJar.extracted(), folder, oneAtATime())) {
            service.start();
            measure("H2, all by one replica", service, service);
        }
    }

    @Test
    void readersHearInTimeOfWhatAnotherReplicaChangesAndNobodyWaitsForOneWhoDoesNotRead() throws Exception {
        Database database = Databases.postgres();
        try (ServiceProcess writer = replica(database, "writer");
                ServiceProcess replica = replica(database, "replica")) {
            writer.start();
            replica.start();
            measure("PostgreSQL, changed by another replica", writer, replica);
            readers.subList(20, readers.size()).forEach(EventReader::close);
            readers.subList(20, readers.size()).clear();
            flood(database, writer, replica);
        }
    }

    @Test
    void aReaderWhoGoesTakesNobodyElseAlong() throws Exception {
        try (ServiceProcess service =
                new ServiceProcess(ServiceJar.extracted(), folder, "slipway.api.stream.heartbeat=100ms")) {
            service.start();
            List<Future<Integer>> visitors = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(20);
            for (int visitor = 0; visitor < 20; visitor++) {
                visitors.add(threads.submit(() -> cutOff(service, 30)));
            }
            for (Future<Integer> visitor : visitors) {
                assertThat(visitor.get()).as("streams that the service cut off").isZero();
            }
            threads.shutdown();
            await().atMost(Duration.ofSeconds(10)).until(() -> metric(service, "slipway.streams") == 0);
        }
    }

    /** Comes and goes; returns how often it was the service who ended it. */
    private static int cutOff(ServiceProcess service, int visits) throws IOException {
        int ended = 0;
        for (int visit = 0; visit < visits; visit++) {
            try (Socket socket = sleeper(service)) {
                socket.setSoTimeout(300);
                int read = 0;
                for (int beats = 0; beats < 4 && read >= 0; beats++) {
                    read = socket.getInputStream().read(new byte[4096]);
                }
                ended += read < 0 ? 1 : 0;
            } catch (SocketTimeoutException stillOpen) {
                // Goes without a word.
            }
        }
        return ended;
    }

    private ServiceProcess replica(Database database, String name) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "spring.datasource.url=" + database.url(),
                "spring.datasource.username=" + database.user(),
                "spring.datasource.password=" + database.password()));
        settings.addAll(List.of(oneAtATime()));
        return new ServiceProcess(ServiceJar.extracted(), folder.resolve(name), settings.toArray(String[]::new));
    }

    private static String[] oneAtATime() {
        return new String[] {
            "slipway.clusters.local.local.parallelism=1",
            "slipway.api.stream.patience=3s",
            "slipway.api.stream.heartbeat=2s"
        };
    }

    private void measure(String title, ServiceProcess writer, ServiceProcess replica) throws Exception {
        String running = submit(
                writer,
                new FormBody()
                        .file(
                                "project",
                                "sleep.py",
                                "import time\ntime.sleep(600)\n".getBytes(StandardCharsets.UTF_8)));
        try {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> writer.job(running).path("state").asString().equals("RUNNING"));
            // A line gets its position after the commit: all begin behind the last of these.
            await().until(() -> numbered(replica, "/jobs/" + running + "/events"));
            for (int stream = 0; stream < STREAMS; stream++) {
                readers.add(EventReader.open(http, replica.url() + "/events"));
            }
            await().until(() -> readers.stream().allMatch(EventReader::isOpen));
            long pause = TimeUnit.SECONDS.toNanos(1) * CHANGES_A_JOB / CHANGES_A_SECOND;
            FormBody again = new FormBody().field("project", "job:" + running);
            for (int sender = 0; sender < 4; sender++) {
                senders.scheduleAtFixedRate(
                        () -> sendAndCancel(writer, again), sender * pause, 4 * pause, TimeUnit.NANOSECONDS);
            }
            TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
            judge(title, replica);
        } finally {
            writer.post("/jobs/" + running + "/cancel");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> writer.job(running).path("state").asString().equals("CANCELLED"));
        }
    }

    private static boolean numbered(ServiceProcess replica, String events) throws IOException {
        JsonNode items = replica.json(events).path("items");
        JsonNode last = items.get(items.size() - 1);
        return last.path("to").asString().equals("RUNNING")
                && !last.path("position").isNull();
    }

    private void judge(String title, ServiceProcess replica) throws Exception {
        List<Integer> before = arrived();
        double cores = coresFor(replica);
        for (int again = 0; again < WINDOWS && cores >= 1; again++) {
            // A young JVM still compiles itself, the longer the busier the machine is.
            before = arrived();
            cores = coresFor(replica);
        }
        List<Integer> from = before;
        long[] late = IntStream.range(0, STREAMS)
                .mapToObj(at -> {
                    List<Arrival> all = readers.get(at).arrivals();
                    return new ArrayList<>(all).subList(from.get(at), all.size());
                })
                .flatMap(List::stream)
                .mapToLong(arrival -> arrival.late().toMillis())
                .sorted()
                .toArray();
        senders.shutdown();
        assertThat(senders.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        double perSecond = late.length / (double) STREAMS / MEASURED.toSeconds();
        System.out.printf(
                "%s: %d streams, %.1f changes/s, %.2f cores, late by %d ms (median), %d ms (99 %%), %d ms (most)%n",
                title,
                STREAMS,
                perSecond,
                cores,
                late[late.length / 2],
                late[(int) (late.length * 0.99)],
                late[late.length - 1]);
        assertThat(perSecond).as("changes a second").isGreaterThan(CHANGES_A_SECOND * 0.6);
        assertThat(cores).as("cores used").isLessThan(1);
        assertThat(late[(int) (late.length * 0.99)]).as("ms late").isLessThan(LATEST.toMillis());
        everybodyHasEverything(replica);
    }

    private List<Integer> arrived() {
        return readers.stream().map(reader -> reader.arrivals().size()).toList();
    }

    private static double coresFor(ServiceProcess replica) throws Exception {
        Duration cpu = replica.cpu();
        long began = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(MEASURED.toNanos());
        return replica.cpu().minus(cpu).toNanos() / (double) (System.nanoTime() - began);
    }

    private void everybodyHasEverything(ServiceProcess replica) throws IOException {
        long first = readers.get(0).arrivals().get(0).position();
        await().untilAsserted(() -> {
            List<Long> feed = positions(replica, first - 1);
            assertThat(readers)
                    .allSatisfy(reader -> assertThat(new ArrayList<>(reader.arrivals()))
                            .extracting(Arrival::position)
                            .isEqualTo(feed));
        });
    }

    private static List<Long> positions(ServiceProcess replica, long after) throws IOException {
        List<Long> all = new ArrayList<>();
        String path = "/events?limit=1000&after=" + after;
        while (path != null) {
            JsonNode page = replica.json(path);
            page.path("items").forEach(item -> all.add(item.path("position").asLong()));
            path = page.path("next").isNull()
                    ? null
                    : page.path("next").asString().substring(replica.url().length());
        }
        return all;
    }

    /** More than all buffers on the way to a reader hold. */
    private void flood(Database database, ServiceProcess writer, ServiceProcess replica) throws Exception {
        List<Socket> sleepers = new ArrayList<>();
        try {
            for (int sleeper = 0; sleeper < 5; sleeper++) {
                sleepers.add(sleeper(replica));
            }
            await().until(() -> metric(replica, "slipway.streams") == readers.size() + sleepers.size());
            int known = readers.get(0).arrivals().size();
            JdbcTemplate jdbc =
                    new JdbcTemplate(new DriverManagerDataSource(database.url(), database.user(), database.password()));
            String job = jdbc.queryForObject("select min(id) from job", String.class);
            int lines = 4000;
            long began = System.nanoTime();
            jdbc.update(
                    "insert into job_event (job_id, at, from_state, to_state, message, changed_by)"
                            + " select ?, current_timestamp, 'QUEUED', 'QUEUED', repeat('x', 2000), 'test'"
                            + " from generate_series(1, ?)",
                    job,
                    lines);
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> readers.stream()
                            .allMatch(reader -> reader.arrivals().size() == known + lines));
            System.out.printf(
                    "%d lines of 2 KB at once, 5 readers that do not read: the %d others had all after %d ms%n",
                    lines, readers.size(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            assertThat(readers).allMatch(EventReader::isOpen);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> metric(replica, "slipway.streams.dropped") == sleepers.size());
            assertThat(metric(replica, "slipway.streams")).isEqualTo(readers.size());
            assertThat(writer.get("/actuator/health").statusCode()).isEqualTo(200);
        } finally {
            for (Socket sleeper : sleepers) {
                sleeper.close();
            }
        }
    }

    private static Socket sleeper(ServiceProcess replica) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", replica.port()));
        socket.getOutputStream()
                .write(("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static double metric(ServiceProcess replica, String name) throws IOException {
        return replica.json("/actuator/metrics/" + name)
                .path("measurements")
                .get(0)
                .path("value")
                .asDouble();
    }

    private static void sendAndCancel(ServiceProcess writer, FormBody again) {
        try {
            writer.post("/jobs/" + submit(writer, again) + "/cancel");
        } catch (IOException | RuntimeException failure) {
            System.err.println("a job could not be sent: " + failure);
        }
    }

    private static String submit(ServiceProcess writer, FormBody form) throws IOException {
        HttpResponse<String> answer = writer.post("/jobs", form);
        assertThat(answer.statusCode()).isEqualTo(202);
        return ServiceProcess.JSON.readTree(answer.body()).path("id").asString();
    }
}
