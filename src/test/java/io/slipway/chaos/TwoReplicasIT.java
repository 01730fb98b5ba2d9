package io.slipway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import io.slipway.Databases.Database;
import io.slipway.aws.EmrFault;
import io.slipway.chaos.Customers.Shown;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas on one PostgreSQL, in the same weather: the one that leads is killed, and paused, also in the midst of a call. */
// Minutes long, and not yet green on a loaded machine each time: only when asked for.
@EnabledIfSystemProperty(named = "slipway.chaos", matches = "true")
class TwoReplicasIT {

    private static final int JOBS = Integer.getInteger("slipway.chaos.jobs", 100);
    private static final long SEED = Long.getLong("slipway.chaos.seed", new Random().nextInt(1_000_000));
    private static final Duration PATIENCE = Duration.ofSeconds(120).plusMillis(JOBS * 200L);

    /** Longer than the lease, and than it takes until a run may be sent again. */
    private static final int LONG_PAUSE = 11;

    private final Random random = new Random(SEED);
    private final Database database = Databases.postgres();
    private final List<JarProcess> replicas = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    @TempDir
    Path home;

    @Test
    void asManyStepsAsJobsWhateverBecomesOfTheLeader() throws Exception {
        List<String> names = Customers.names(JOBS, random);
        try (Cloud cloud = new Cloud(SEED);
                Customers customers = new Customers(this::anyReplica)) {
            replicas.add(replica(cloud, "one"));
            replicas.add(replica(cloud, "two"));
            Map<String, Shown> jobs;
            try {
                replicas.get(0).start();
                replicas.get(1).start();
                replicas.forEach(JarProcess::awaitUp);
                int part = names.size() / 5;
                customers.submit(names.subList(0, part));
                pauseInTheCall(cloud, EmrFault.late(Duration.ofMillis(1500)));
                customers.submit(names.subList(part, 2 * part));
                pauseInTheCall(cloud, EmrFault.late(Duration.ofSeconds(6)));
                customers.submit(names.subList(2 * part, 3 * part));
                pauseInTheCall(cloud, EmrFault.slow(Duration.ZERO));
                customers.submit(names.subList(3 * part, 4 * part));
                pauseAnywhere();
                customers.submit(names.subList(4 * part, names.size()));
                killAndStartAgain();
                jobs = untilDone(customers, names);
            } finally {
                for (JarProcess replica : replicas) {
                    if (replica.isAlive()) {
                        replica.kill();
                    }
                }
            }
            System.out.printf(
                    "two replicas: seed %d, %d jobs, %d faults, %d calls; %s%n",
                    SEED, JOBS, cloud.faults.get(), cloud.emr.calls().size(), told);
            Verdict.of(cloud, names, jobs);
        } catch (AssertionError | RuntimeException failure) {
            System.out.println("two replicas failed with seed " + SEED + " " + told + "; they printed:");
            for (String log : List.of("one.log", "two.log")) {
                System.out.println("---- " + log + "\n" + Files.readString(home.resolve(log)));
            }
            throw failure;
        }
    }

    private JarProcess replica(Cloud cloud, String name) throws IOException {
        List<String> settings = new ArrayList<>(cloud.settings());
        settings.add("--slipway.home=" + home.resolve(name));
        settings.add("--spring.datasource.url=" + database.url());
        settings.add("--spring.datasource.username=" + database.user());
        settings.add("--spring.datasource.password=" + database.password());
        settings.add("--spring.datasource.hikari.maximum-pool-size=8");
        return new JarProcess(home.resolve(name + ".log"), cloud.environment(), settings);
    }

    private URI anyReplica() {
        return replicas.get(Math.abs((int) System.nanoTime() / 1000) % 2).base();
    }

    /** The leader is paused when its call has left, and goes on when another has long led. */
    private void pauseInTheCall(Cloud cloud, EmrFault fault) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        JarProcess[] paused = new JarProcess[1];
        cloud.ambushNextSubmit(() -> {
            paused[0] = leader();
            paused[0].pause();
            return fault;
        });
        while (!cloud.isAmbushOver() && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        TimeUnit.SECONDS.sleep(LONG_PAUSE);
        assertThat(paused[0]).as("a call to be paused in").isNotNull();
        paused[0].goOn();
        told.add("paused " + paused[0].name() + " in its call");
    }

    private void pauseAnywhere() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            JarProcess leader = leader();
            TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
            leader.pause();
            TimeUnit.MILLISECONDS.sleep(2500 + random.nextInt(2500));
            leader.goOn();
            told.add("paused " + leader.name());
        }
    }

    private void killAndStartAgain() throws InterruptedException, IOException {
        JarProcess leader = leader();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
        leader.kill();
        told.add("killed " + leader.name());
        TimeUnit.SECONDS.sleep(4);
        leader.start();
        leader.awaitUp();
    }

    private Map<String, Shown> untilDone(Customers customers, List<String> names) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        Map<String, Shown> jobs = Map.of();
        while (System.nanoTime() < until && !ChaosIT.isDone(names, jobs)) {
            TimeUnit.MILLISECONDS.sleep(300);
            jobs = customers.jobs();
        }
        return jobs;
    }

    /** Whoever wrote the latest intent. */
    private JarProcess leader() {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select sender from run order by intent_at desc limit 1")) {
            String sender = rows.next() ? rows.getString(1) : "";
            return replicas.stream()
                    .filter(replica -> sender.startsWith(replica.name()))
                    .findFirst()
                    .orElse(replicas.get(0));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
