package io.slipway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.ServiceJar;
import io.slipway.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The killed-jar run: jobs go through faults at every call while the real jar is killed and started again every few seconds. {@code
 * -Dslipway.chaos.jobs} says how many jobs, {@code -Dslipway.chaos.seed} repeats a run's dice, not its timing. Every second run's
 * changes are told by events, too; {@code -Dslipway.chaos.events} decides that.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class ChaosIT {

    static final int JOBS = Integer.getInteger("slipway.chaos.jobs", 100);
    static final long SEED = Long.getLong("slipway.chaos.seed", new Random().nextInt(1_000_000));

    /** Each with jobs of its own, so that something is always on its way when the jar is killed. */
    private static final int LIVES = Math.min(30, Math.max(2, JOBS / 12));

    @TempDir
    Path folder;

    @Test
    void asManyStepsAsRunsAndEachJobEndsAsItsStepDid() throws Exception {
        Random random = new Random(SEED);
        boolean events =
                Boolean.parseBoolean(System.getProperty("slipway.chaos.events", String.valueOf(random.nextBoolean())));
        System.out.printf(
                "killed-jar run: %d jobs, -Dslipway.chaos.seed=%d -Dslipway.chaos.events=%s%n", JOBS, SEED, events);
        long began = System.nanoTime();
        List<String> names = Kind.names(JOBS, random);
        try (Cloud cloud = events ? new Cloud(SEED, Scale.USUAL).withEvents() : new Cloud(SEED, Scale.USUAL);
                ServiceProcess service = service(cloud);
                Customers customers = new Customers(() -> service)) {
            Watch watch = new Watch(cloud, customers, names);
            for (int life = 0; life < LIVES; life++) {
                customers.submit(part(names, life));
                service.start();
                watch.someLife(1500 + random.nextInt(3000));
                service.kill();
                service.awaitEnd();
            }
            cloud.calmDown();
            service.start();
            String verdict = Verdict.of(cloud, names, watch.untilDone());
            System.out.printf(
                    "killed-jar run: seed %d, %d jobs, %d kills, %d faults, %d calls (%d over the quota), %d s; %s%n",
                    SEED,
                    JOBS,
                    LIVES,
                    cloud.faults.get(),
                    cloud.emr.calls().size(),
                    cloud.emr.overQuota(),
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began),
                    verdict);
            assertThat(cloud.emr.overQuota())
                    .as("calls over the account's quota")
                    .isZero();
        } catch (AssertionError | RuntimeException failure) {
            System.out.println("killed-jar run failed with -Dslipway.chaos.seed=" + SEED + "; the service printed:\n"
                    + Files.readString(folder.resolve("home/service.log")));
            throw failure;
        }
    }

    private ServiceProcess service(Cloud cloud) throws Exception {
        return new ServiceProcess(
                        ServiceJar.extracted(),
                        folder.resolve("home"),
                        cloud.settings().toArray(String[]::new))
                .withEnvironment(cloud.environment());
    }

    private static List<String> part(List<String> names, int life) {
        return names.subList(names.size() * life / LIVES, names.size() * (life + 1) / LIVES);
    }
}
