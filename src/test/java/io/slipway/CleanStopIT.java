package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real jar is stopped by SIGTERM under load: whoever is answered is answered well, and what was accepted is there at the next start. */
@Tag("full")
class CleanStopIT {

    private static final int CLIENTS = 6;
    private static final long UNDER_LOAD_MILLIS = 2_000;

    @TempDir
    Path folder;

    @Test
    void nobodyIsAnsweredByADatabaseThatIsClosedAlready() throws Exception {
        try (ServiceProcess service =
                new ServiceProcess(ServiceJar.extracted(), folder, "slipway.clusters.local.local.parallelism=1")) {
            service.start();
            ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
            Set<String> accepted = new HashSet<>();
            List<Thread> clients = clients(service, wrong, accepted);
            TimeUnit.MILLISECONDS.sleep(UNDER_LOAD_MILLIS);

            service.terminate();
            service.awaitEnd();
            for (Thread client : clients) {
                client.join(TimeUnit.MINUTES.toMillis(1));
            }

            assertThat(service.isAlive()).isFalse();
            assertThat(wrong).isEmpty();
            assertThat(Files.readString(service.log())).doesNotContain("already closed");
            service.start();
            Set<String> there = new HashSet<>();
            service.jobs().forEach(job -> there.add(job.path("id").asString()));
            assertThat(accepted).isNotEmpty().isSubsetOf(there);
        }
    }

    private static List<Thread> clients(
            ServiceProcess service, ConcurrentLinkedQueue<String> wrong, Set<String> accepted) {
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            boolean sends = client == 0;
            Thread thread = new Thread(() -> ask(service, sends, wrong, accepted), "client-" + client);
            thread.start();
            clients.add(thread);
        }
        return clients;
    }

    /** Until nobody answers any more. */
    private static void ask(
            ServiceProcess service, boolean sends, ConcurrentLinkedQueue<String> wrong, Set<String> accepted) {
        FormBody project = new FormBody().file("project", "main.py", "print(1)\n".getBytes(StandardCharsets.UTF_8));
        try {
            while (true) {
                HttpResponse<String> answer = sends ? service.post("/jobs", project) : service.get("/jobs?limit=5");
                if (answer.statusCode() == 202) {
                    accepted.add(ServiceClient.JSON
                            .readTree(answer.body())
                            .path("id")
                            .asString());
                } else if (answer.statusCode() != 200 && answer.statusCode() != 503) {
                    wrong.add(answer.statusCode() + " " + answer.body());
                }
            }
        } catch (IOException stopped) {
            // Connections are refused or closed: the service has stopped.
        } catch (Exception failure) {
            wrong.add(failure.toString());
        }
    }
}
