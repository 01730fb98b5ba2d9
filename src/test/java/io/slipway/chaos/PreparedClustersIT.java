package io.slipway.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.FormBody;
import io.slipway.ServiceClient;
import io.slipway.ServiceJar;
import io.slipway.ServiceProcess;
import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.ClusterScript;
import io.slipway.aws.EmrFault;
import io.slipway.aws.EmrStep;
import io.slipway.aws.PrimaryNodes;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedEmr.MadeCluster;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepScript;
import io.slipway.environments.PackageIndex;
import io.slipway.environments.Wheel;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Jobs with requirements on an account where no cluster is: clusters are made, environments are built by real pip on their primary nodes,
 * and the two replicas that do it are killed every few seconds, while EMR loses answers.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@Tag("full")
class PreparedClustersIT {

    private static final int JOBS = 30;
    private static final int KILLS = 8;
    private static final int MOST = 2;
    private static final Duration LONG = Duration.ofMinutes(12);

    private final Random random = new Random(ChaosIT.SEED);
    private final PackageIndex index = PackageIndex.open()
            .with(Wheel.of("lib_a", "1.0").requires("lib_b>=2"), Wheel.of("lib_b", "2.5"), Wheel.of("lib_c", "3.1"));
    private final ScheduledExecutorService time = Executors.newSingleThreadScheduledExecutor();

    @TempDir
    Path folder;

    @Test
    void threeEnvironmentsAreBuiltOnceOnClustersThatAreMadeAndEnded() throws Exception {
        System.out.println("prepared clusters: -Dslipway.chaos.seed=" + ChaosIT.SEED);
        try (SimulatedEmr emr = SimulatedEmr.start(Clock.systemUTC());
                SimulatedS3 s3 = SimulatedS3.start().withBucket("artifacts");
                PrimaryNodes nodes = new PrimaryNodes(emr, s3, folder.resolve("nodes"), PreparedClustersIT::isBuild);
                Replicas replicas = replicas(emr, s3)) {
            emr.script(name -> isBuild(name)
                    ? StepScript.runsLong()
                    : name.contains("fails-")
                            ? StepScript.failsAfter(Duration.ofMillis(700), "Exception in thread \"main\"")
                            : StepScript.succeedsAfter(Duration.ofMillis(700)));
            emr.clusterScript(name -> ClusterScript.readyAfter(Duration.ofSeconds(4)));
            emr.weather(this::weather);
            time.scheduleWithFixedDelay(emr::advance, 100, 100, TimeUnit.MILLISECONDS);
            int[] most = new int[1];
            time.scheduleWithFixedDelay(
                    () -> most[0] = Math.max(most[0], (int) alive(emr)), 50, 50, TimeUnit.MILLISECONDS);
            try {
                replicas.start();
                Map<String, String> ids = submit(replicas);
                for (int i = 0; i < KILLS; i++) {
                    TimeUnit.MILLISECONDS.sleep(2000 + random.nextInt(3000));
                    ServiceProcess victim = random.nextInt(3) == 0 ? replicas.any() : replicas.leader();
                    victim.kill();
                    victim.awaitEnd();
                    victim.start();
                }
                Map<String, JsonNode> jobs = untilDone(replicas, ids);
                System.out.println("prepared clusters: " + verdict(emr, ids, jobs, most[0]));
            } catch (AssertionError | RuntimeException failure) {
                replicas.printed().forEach(System.out::println);
                throw failure;
            }
            assertThat(nodes.awsCalls()).isNotEmpty();
        } finally {
            time.shutdownNow();
            index.close();
        }
    }

    private String verdict(SimulatedEmr emr, Map<String, String> ids, Map<String, JsonNode> jobs, int most) {
        ids.forEach((name, id) -> assertThat(jobs.get(id).path("state").asString())
                .as(jobs.get(id).toString())
                .isEqualTo(name.startsWith("fails-") ? "FAILED" : "SUCCEEDED"));
        assertThat(emr.duplicates()).isEmpty();
        List<MadeCluster> made = emr.madeClusters();
        List<EmrStep> steps = made.stream()
                .flatMap(cluster -> emr.steps(cluster.id()).stream())
                .toList();
        Map<Boolean, List<EmrStep>> byKind =
                steps.stream().collect(Collectors.partitioningBy(step -> isBuild(step.name())));
        assertThat(byKind.get(true))
                .as("builds")
                .hasSize(3)
                .allSatisfy(step -> assertThat(step.state()).isEqualTo("COMPLETED"));
        assertThat(byKind.get(false)).as("runs").hasSize(JOBS);
        assertThat(steps).allSatisfy(step -> assertThat(step.state()).isIn("COMPLETED", "FAILED"));
        assertThat(most).as("clusters at once").isBetween(1, MOST);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(emr.madeClusters())
                        .allSatisfy(cluster -> assertThat(cluster.state()).isEqualTo("TERMINATED")));
        return made.size() + " clusters, " + byKind.get(true).size() + " builds, "
                + byKind.get(false).size() + " runs";
    }

    private static long alive(SimulatedEmr emr) {
        return emr.madeClusters().stream()
                .filter(cluster -> !cluster.state().startsWith("TERMINAT"))
                .count();
    }

    /** Each answer that can be lost is lost now and then. */
    private EmrFault weather(String operation) {
        boolean makes = operation.equals("AddJobFlowSteps") || operation.equals("RunJobFlow");
        if (random.nextInt(100) >= (makes ? 30 : 8)) {
            return null;
        }
        List<EmrFault> possible = makes
                ? List.of(
                        EmrFault.error(),
                        EmrFault.errorAfterAll(),
                        EmrFault.closed(),
                        EmrFault.closedAfterAll(),
                        EmrFault.throttledAfterAll())
                : List.of(EmrFault.throttled(), EmrFault.error(), EmrFault.closed());
        return possible.get(random.nextInt(possible.size()));
    }

    private Map<String, String> submit(Replicas replicas) {
        List<String> requirements = List.of("lib_a==1.0\n", "lib_b==2.5\n", "lib_c\n");
        Map<String, String> ids = new HashMap<>();
        for (int i = 0; i < JOBS; i++) {
            String name = (i % 7 == 3 ? "fails-" : "succeeds-") + i;
            FormBody form = new FormBody()
                    .field("name", name)
                    .field("cluster", "made")
                    .file("project", "main.py", "print(1)\n".getBytes(UTF_8))
                    .file(
                            "requirementsFile",
                            "requirements.txt",
                            requirements.get(i % 3).getBytes(UTF_8));
            ids.put(name, accepted(replicas, name, form));
        }
        return ids;
    }

    private static String accepted(Replicas replicas, String name, FormBody form) {
        String[] id = new String[1];
        await().atMost(LONG).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            HttpResponse<String> answer = replicas.any().post("/jobs", form, "Idempotency-Key", name);
            if (answer.statusCode() != 202 && answer.statusCode() != 200) {
                return false;
            }
            id[0] = ServiceClient.JSON.readTree(answer.body()).path("id").asString();
            return true;
        });
        return id[0];
    }

    private static Map<String, JsonNode> untilDone(Replicas replicas, Map<String, String> ids) {
        Map<String, JsonNode> jobs = new HashMap<>();
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    replicas.any().jobs().forEach(job -> jobs.put(job.path("id").asString(), job));
                    return ids.values().stream()
                            .allMatch(id -> jobs.containsKey(id)
                                    && !jobs.get(id).path("endedAt").isNull());
                });
        return jobs;
    }

    private static boolean isBuild(String step) {
        return step.startsWith("Slipway environment ");
    }

    private Replicas replicas(SimulatedEmr emr, SimulatedS3 s3) throws Exception {
        String template = "slipway.clusters.made.emr.template.";
        List<String> settings = new ArrayList<>(List.of(
                "slipway.artifacts.s3.bucket=artifacts",
                "slipway.artifacts.s3.path-style=true",
                "slipway.default-cluster=made",
                template + "release=emr-7.14.0",
                template + "instances.primary=m7g.xlarge",
                template + "instances.core.type=m7g.xlarge",
                template + "instances.core.count=2",
                template + "most=" + MOST,
                template + "step-concurrency=3",
                template + "idle-timeout=60s",
                template + "log-uri=s3://artifacts/logs/",
                "slipway.environments.index-url=" + index.url(),
                "slipway.environments.network-timeout=5s"));
        settings.addAll(Scale.USUAL.settings());
        Path jar = ServiceJar.extracted();
        Replicas replicas = new Replicas();
        for (String name : List.of("one", "two")) {
            replicas.add(jar, folder.resolve(name), settings).withEnvironment(AwsEnvironment.variables(emr, s3));
        }
        return replicas;
    }
}
