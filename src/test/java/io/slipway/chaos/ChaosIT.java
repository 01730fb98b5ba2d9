package io.slipway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.chaos.Customers.Shown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The killed-jar run: jobs go through faults at every call while the real jar is killed and started again. {@code -Dslipway.chaos.jobs}
 * says how many jobs, {@code -Dslipway.chaos.seed} repeats a run's dice, not its timing.
 */
// Minutes long, and not yet green on a loaded machine each time: only when asked for.
@EnabledIfSystemProperty(named = "slipway.chaos", matches = "true")
class ChaosIT {

    private static final int JOBS = Integer.getInteger("slipway.chaos.jobs", 100);
    private static final long SEED = Long.getLong("slipway.chaos.seed", new Random().nextInt(1_000_000));
    /** As many times it is killed at least. */
    private static final int PARTS = 4;

    private static final Duration KILLING = Duration.ofSeconds(45).plusMillis(JOBS * 300L);
    private static final Duration PATIENCE = Duration.ofSeconds(120).plusMillis(JOBS * 200L);

    @TempDir
    Path home;

    @Test
    void asManyStepsAsJobsAndEachJobEndsAsItsStepDid() throws Exception {
        long began = System.nanoTime();
        Random random = new Random(SEED);
        List<String> names = Customers.names(JOBS, random);
        Path log = home.resolve("slipway.log");
        try (Cloud cloud = new Cloud(SEED)) {
            List<String> settings = new ArrayList<>(cloud.settings());
            settings.add("--slipway.home=" + home.resolve("data"));
            JarProcess jar = new JarProcess(log, cloud.environment(), settings);
            Map<String, Shown> jobs;
            int kills = 0;
            try (Customers customers = new Customers(jar::base)) {
                do {
                    // Something is always on its way when the jar is killed.
                    customers.submit(part(names, kills));
                    jar.start();
                    jar.awaitUp();
                    boolean last = kills >= PARTS && secondsSince(began) > KILLING.toSeconds();
                    jobs = watch(customers, cloud, names, last ? PATIENCE.toMillis() : 2000 + random.nextInt(4000));
                    if (!last && !isDone(names, jobs)) {
                        jar.kill();
                        kills++;
                    }
                } while (!jar.isAlive());
            } finally {
                if (jar.isAlive()) {
                    jar.kill();
                }
            }
            System.out.printf(
                    "killed-jar run: seed %d, %d jobs, %d kills, %d faults, %d calls, %d s%n",
                    SEED, JOBS, kills, cloud.faults.get(), cloud.emr.calls().size(), secondsSince(began));
            assertThat(kills).as("kills").isPositive();
            Verdict.of(cloud, names, jobs);
        } catch (AssertionError | RuntimeException failure) {
            System.out.println(
                    "killed-jar run failed with seed " + SEED + "; the service printed:\n" + Files.readString(log));
            throw failure;
        }
    }

    private static List<String> part(List<String> names, int number) {
        int size = names.size() / PARTS;
        return number >= PARTS
                ? List.of()
                : names.subList(number * size, number == PARTS - 1 ? names.size() : (number + 1) * size);
    }

    /** Looks on for a while, or until everything is done. */
    private static Map<String, Shown> watch(Customers customers, Cloud cloud, List<String> names, long millis)
            throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        Map<String, Shown> jobs = Map.of();
        while (System.nanoTime() < until && !isDone(names, jobs)) {
            cloud.disturbS3();
            TimeUnit.MILLISECONDS.sleep(300);
            jobs = customers.jobs();
        }
        return jobs;
    }

    static boolean isDone(List<String> names, Map<String, Shown> jobs) {
        return jobs.values().stream()
                        .filter(Shown::hasEnded)
                        .map(Shown::name)
                        .distinct()
                        .count()
                == names.size();
    }

    private static long secondsSince(long began) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    }
}
