package io.slipway.compute;

import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.ArtifactId;
import io.slipway.project.LaunchPlan;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The fake keeps the contract of the real ones: what the loop's tests show holds for those. */
class FakeComputeTest
        implements RunExecutorContract, RunOutputContract, LaunchPreviewContract, LeftoverCleanupContract {

    private final FakeCompute fake = new FakeCompute("fake", 10, Duration.ZERO, Clock.systemUTC());

    FakeComputeTest() {
        fake.leaveSomething(true);
    }

    @Override
    public Cluster compute() {
        return fake;
    }

    @Override
    public RunOrder orderThatSucceeds() {
        return order("succeeds.py");
    }

    @Override
    public RunOrder orderThatFails() {
        return order("fails.py");
    }

    @Override
    public RunOrder orderThatRunsLong() {
        return order("long.py");
    }

    @Override
    public void letItGoOn() {
        fake.goOn();
    }

    @Override
    public int starts(String submissionKey) {
        return fake.starts(submissionKey);
    }

    @Override
    public RunRef aCleanup() {
        return new RunRef(
                new SubmissionKey("cleanup-" + UUID.randomUUID()),
                null,
                Clock.systemUTC().instant());
    }

    private static RunOrder order(String script) {
        RunRef run = new RunRef(
                new SubmissionKey(UUID.randomUUID() + "-1"),
                null,
                Clock.systemUTC().instant());
        return new RunOrder(
                run, "test", new LaunchPlan(new ArtifactId("a".repeat(64)), script, List.of(), Map.of(), Map.of()));
    }
}
