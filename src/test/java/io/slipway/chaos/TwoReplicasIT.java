package io.slipway.chaos;

import static org.awaitility.Awaitility.await;

import io.slipway.ServiceJar;
import io.slipway.ServiceProcess;
import io.slipway.aws.EmrFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas on one PostgreSQL, in the same weather: the one that leads is killed, and paused, also in the midst of a call. */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
@Tag("full")
class TwoReplicasIT {

    private static final int PARTS = 6;
    private static final Duration LONG = Duration.ofMinutes(2);
    /** Some leases. */
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final Random random = new Random(ChaosIT.SEED);
    private final List<String> told = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void asManyStepsAsRunsWhateverBecomesOfTheLeader() throws Exception {
        System.out.println("two replicas: " + ChaosIT.JOBS + " jobs, -Dslipway.chaos.seed=" + ChaosIT.SEED);
        long began = System.nanoTime();
        List<String> names = Kind.names(ChaosIT.JOBS, random);
        try (Cloud cloud = new Cloud(ChaosIT.SEED, Scale.USUAL);
                Replicas replicas = replicas(cloud);
                Customers customers = new Customers(replicas::any)) {
            try {
                replicas.start();
                customers.submit(part(names, 0));
                pauseInTheCall(cloud, replicas, EmrFault.late(PAUSE.dividedBy(2)), PAUSE);
                customers.submit(part(names, 1));
                // It goes on when its jobs were long sent by another.
                pauseInTheCall(
                        cloud,
                        replicas,
                        EmrFault.late(cloud.tooLate()),
                        cloud.settle().plus(PAUSE));
                customers.submit(part(names, 2));
                pauseInTheCall(cloud, replicas, EmrFault.slow(Duration.ZERO), PAUSE);
                customers.submit(part(names, 3));
                pauseBeforeSending();
                customers.submit(part(names, 4));
                pauseAnywhere(replicas);
                customers.submit(part(names, 5));
                cloud.calmDown();
                killAndStartAgain(replicas);
                String verdict = Verdict.of(cloud, names, new Watch(cloud, customers, names).untilDone());
                System.out.printf(
                        "two replicas: seed %d, %d jobs, %d faults, %d calls (%d over the quota), %d s; %s; %s%n",
                        ChaosIT.SEED,
                        ChaosIT.JOBS,
                        cloud.faults.get(),
                        cloud.emr.calls().size(),
                        cloud.emr.overQuota(),
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began),
                        told,
                        verdict);
            } catch (AssertionError | RuntimeException failure) {
                System.out.println("two replicas failed with -Dslipway.chaos.seed=" + ChaosIT.SEED + " " + told
                        + "; they printed:");
                replicas.printed().forEach(System.out::println);
                throw failure;
            }
        }
    }

    private static List<String> part(List<String> names, int part) {
        return names.subList(names.size() * part / PARTS, names.size() * (part + 1) / PARTS);
    }

    private final Map<String, ServiceProcess> byHome = new java.util.LinkedHashMap<>();

    private Replicas replicas(Cloud cloud) throws Exception {
        Path jar = ServiceJar.extracted();
        Path classes = PauseBeforeSending.classes(folder.resolve("classes"));
        Replicas replicas = new Replicas();
        for (String name : List.of("one", "two")) {
            ServiceProcess replica = replicas.add(jar, folder.resolve(name), cloud.settings())
                    .withEnvironment(cloud.environment())
                    .withEnvironment(
                            Map.of(PauseBeforeSending.variable(), command(name).toString()))
                    .withClasses(classes);
            byHome.put(name, replica);
        }
        return replicas;
    }

    private Path command(String name) {
        return folder.resolve("pause-" + name);
    }

    /** The leader is paused when its call has left, and goes on when another has long led. */
    private void pauseInTheCall(Cloud cloud, Replicas replicas, EmrFault fault, Duration pause)
            throws InterruptedException {
        AtomicReference<ServiceProcess> paused = new AtomicReference<>();
        cloud.ambushNextSubmit(() -> {
            ServiceProcess leader = replicas.leader();
            leader.pause();
            paused.set(leader);
            return fault;
        });
        await().atMost(LONG).until(() -> paused.get() != null);
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        paused.get().goOn();
        told.add("paused " + paused.get().pid() + " in its call for " + pause.toSeconds() + " s");
    }

    /** The leader is paused when it has signed its call and not sent it; when it goes on, that call fails. */
    private void pauseBeforeSending() throws IOException, InterruptedException {
        for (String name : byHome.keySet()) {
            Files.createFile(command(name));
        }
        AtomicReference<String> paused = new AtomicReference<>();
        await().atMost(LONG).until(() -> {
            byHome.keySet().stream()
                    .filter(name -> Files.exists(taken(name)))
                    .findFirst()
                    .ifPresent(paused::set);
            return paused.get() != null;
        });
        for (String name : byHome.keySet()) {
            Files.deleteIfExists(command(name));
        }
        ServiceProcess replica = byHome.get(paused.get());
        long before = failedCalls(replica);
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        replica.goOn();
        await().atMost(LONG).until(() -> failedCalls(replica) > before);
        told.add("paused " + replica.pid() + " between signing and sending");
    }

    private Path taken(String name) {
        return Path.of(command(name) + ".taken");
    }

    private static long failedCalls(ServiceProcess replica) throws IOException {
        return Files.readAllLines(replica.log()).stream()
                .filter(line -> line.contains("AddJobFlowSteps of "))
                .count();
    }

    private void pauseAnywhere(Replicas replicas) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            ServiceProcess leader = replicas.leader();
            TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
            leader.pause();
            TimeUnit.MILLISECONDS.sleep(1000 + random.nextInt(1500));
            leader.goOn();
            told.add("paused " + leader.pid());
        }
    }

    private void killAndStartAgain(Replicas replicas) throws InterruptedException, IOException {
        ServiceProcess leader = replicas.leader();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
        long pid = leader.pid();
        leader.kill();
        leader.awaitEnd();
        told.add("killed " + pid);
        TimeUnit.SECONDS.sleep(2);
        leader.start();
    }
}
