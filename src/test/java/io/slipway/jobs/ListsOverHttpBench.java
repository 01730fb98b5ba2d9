package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The lists of {@link JobListBench} as whoever asks for them sees them: the page of the console and the API's answer, over HTTP, with one
 * connection. Whatever else the service does with a million jobs goes on meanwhile.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class ListsOverHttpBench {

    private static final int CALLS = Integer.getInteger("slipway.bench.calls", 200);

    /** The compiler's part of the first hundreds of pages is no part of the database's. */
    private static final int WARM = Integer.getInteger("slipway.bench.warm-up", 1_000);

    private static final List<String> ASKED = List.of(
            "/ui/jobs",
            "/ui/jobs?state=FAILED",
            "/ui/jobs?name=report",
            "/ui/jobs?label=env%3Dprod&state=FAILED",
            "/ui/jobs?cluster=c7",
            "/ui/jobs?since=30d",
            "/ui/jobs?sort=ended",
            "/jobs",
            "/jobs?label=env%3Dprod&state=FAILED",
            "/jobs?name=report&cluster=c7",
            "/jobs?state=SUCCEEDED&createdFrom=2030-06-01T00:00:00Z&createdTo=2030-07-01T00:00:00Z");

    @TempDir
    private static Path home;

    @LocalServerPort
    private int port;

    private final HttpClient client = HttpClient.newHttpClient();

    @DynamicPropertySource
    static void home(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", home::toString);
    }

    @Test
    void printsATable() throws Exception {
        for (int round = 0; round < WARM; round++) {
            get(ASKED.get(round % ASKED.size()));
        }
        System.out.printf("| %s, over HTTP | KB | p50 ms | p99 ms |%n|---|---|---|---|%n", database());
        for (String asked : ASKED) {
            int size = get(asked);
            long[] times = new long[CALLS];
            for (int call = 0; call < CALLS; call++) {
                long from = System.nanoTime();
                get(asked);
                times[call] = System.nanoTime() - from;
            }
            times = LongStream.of(times).sorted().toArray();
            System.out.printf(
                    "| %s | %d | %.1f | %.1f |%n",
                    asked, size >> 10, times[CALLS / 2] / 1e6, times[(int) Math.ceil(CALLS * 0.99) - 1] / 1e6);
        }
    }

    abstract String database();

    private int get(String asked) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + asked))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(asked).isEqualTo(200);
        return answer.body().length;
    }
}
