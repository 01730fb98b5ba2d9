package io.slipway.environments.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.aws.EmrFault;
import io.slipway.aws.EmrStep;
import io.slipway.aws.MovableClock;
import io.slipway.aws.PrimaryNodes;
import io.slipway.aws.StepScript;
import io.slipway.compute.emr.OrderedEmr;
import io.slipway.compute.emr.client.ClusterChoice;
import io.slipway.compute.emr.client.EmrTargets;
import io.slipway.environments.BuildRef;
import io.slipway.environments.BuildReport;
import io.slipway.environments.CannotBuild;
import io.slipway.environments.EnvironmentBuilder;
import io.slipway.environments.EnvironmentBuilderContract;
import io.slipway.environments.PackageIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Builds by steps on a primary node, whose programs run for real. */
@Tag("full")
class EmrEnvironmentBuilderTest extends EnvironmentBuilderContract {

    private static final String CLUSTER = "j-2AXXXXXXGAPLF";
    private static final String BUCKET = "my-logs";
    private static final String SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:index-AbCdEf";

    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));
    private OrderedEmr account;
    private PrimaryNodes nodes;

    @Override
    protected void prepare() throws IOException {
        account = new OrderedEmr(clock, new SimpleMeterRegistry());
        account.emr.withCluster(CLUSTER, 10, "s3://" + BUCKET + "/logs/").released(CLUSTER, "emr-7.14.0");
        account.emr.script(name -> StepScript.runsLong());
        nodes = new PrimaryNodes(account.emr, account.s3, folder.resolve("nodes"), name -> true)
                .file(
                        "secretsmanager",
                        "{\"username\":\"" + PackageIndex.USER + "\",\"password\":\"" + PackageIndex.PASSWORD + "\"}");
    }

    @Override
    protected void close() throws InterruptedException {
        nodes.close();
        account.close();
    }

    @Override
    protected EnvironmentBuilder another() {
        StoreInS3 store = new StoreInS3(account.s3, BUCKET);
        return new EmrEnvironmentBuilder(
                name -> Optional.of(new EmrTargets.Target(new ClusterChoice.Fixed(CLUSTER), false, null, null, null)),
                account.connection,
                account.settings,
                settings(),
                new BuildOrders(
                        store,
                        settings(),
                        new EmrEnvironmentsSettings(SECRET),
                        folder.resolve("isbusy").toString()),
                new Publishing(store, (id, size) -> {}, folder.resolve("incoming"), settings()),
                clock);
    }

    @Override
    protected BuildRef ref(String intent) {
        return new BuildRef(intent, "analytics", CLUSTER, clock.instant());
    }

    @Override
    protected void pass() {
        clock.advance(Duration.ofSeconds(5));
        account.emr.advance();
    }

    @Override
    protected void lose(BuildRef build) {
        nodes.lose();
        account.emr.terminate(CLUSTER, "TERMINATED_WITH_ERRORS", "It is gone.");
    }

    @Override
    protected int begun(BuildRef build) {
        return steps().size();
    }

    /** Whatever becomes of the answer, there is one step, and it is found. */
    @ParameterizedTest
    @MethodSource("answers")
    void aStepWhoseAnswerWasLostIsFoundAgain(EmrFault fault) throws Exception {
        account.emr.failNext("AddJobFlowSteps", fault);
        BuildRef build = next();
        builder.start(order(build, "lib_b"));
        builder = another();

        BuildReport report = end(build);
        if (report.phase() == BuildReport.Phase.ABSENT) {
            // As the loop does: under the same intent, written anew.
            build = ref(build.intent());
            builder.start(order(build, "lib_b"));
            report = end(build);
        }

        assertThat(report.phase()).isEqualTo(BuildReport.Phase.BUILT);
        assertThat(steps()).hasSize(1);
    }

    static Stream<EmrFault> answers() {
        return Stream.of(
                EmrFault.throttled(),
                EmrFault.throttledAfterAll(),
                EmrFault.error(),
                EmrFault.errorAfterAll(),
                EmrFault.closed(),
                EmrFault.closedAfterAll());
    }

    @Test
    void whatANodeStoredIsNotBelieved() throws Exception {
        BuildRef build = next();
        builder.start(order(build, "lib_b"));
        assertThat(end(build).phase()).isEqualTo(BuildReport.Phase.BUILT);
        account.s3.put(BUCKET, "slipway/builds/" + build.intent() + "/environment.tar.gz", new byte[1234]);

        assertThatThrownBy(() -> builder.take(build))
                .isInstanceOf(CannotBuild.class)
                .hasMessageContaining("SHA-256");
        assertThat(account.s3.keys(BUCKET)).noneMatch(key -> key.startsWith("slipway/environments/"));
    }

    @Test
    void sourceIsBuiltNowhereUnlessTheClusterAllowsStrangersCode() {
        assertThatThrownBy(() -> builder.start(order(next(), "--no-binary :all:", "lib_b")))
                .isInstanceOf(CannotBuild.class)
                .hasMessageContaining("slipway.environments.allow-sdists");
        assertThat(steps()).isEmpty();
    }

    /** A build is no YARN application: EMR would call the cluster idle (field-facts, section 2). */
    @Test
    void theClusterIsKeptAwakeWhileItBuilds() throws Exception {
        index.fault("lib-b", PackageIndex.Fault.HANGS);
        BuildRef build = next();
        builder.start(order(build, "lib_b"));
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            pass();
            return Files.exists(folder.resolve("isbusy"));
        });
        builder.remains().cancel(build);
        end(build);
    }

    private List<EmrStep> steps() {
        return account.emr.steps(CLUSTER);
    }
}
