package io.slipway.compute;

import io.slipway.jobs.RunRef;
import io.slipway.project.LaunchPlan;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The fake keeps the contract of the real ones: what the loop's tests show holds for those. */
class FakeComputeTest extends ComputeContract {

    private final FakeCompute fake = new FakeCompute("fake", 10, Duration.ZERO, Clock.systemUTC());

    @Override
    protected Compute compute() {
        return fake;
    }

    @Override
    protected RunOrder orderThatSucceeds() {
        return order("succeeds.py");
    }

    @Override
    protected RunOrder orderThatFails() {
        return order("fails.py");
    }

    @Override
    protected RunOrder orderThatRunsLong() {
        return order("long.py");
    }

    @Override
    protected void letItGoOn() {
        fake.goOn();
    }

    @Override
    protected int starts(String submissionKey) {
        return fake.starts(submissionKey);
    }

    private static RunOrder order(String script) {
        RunRef run =
                new RunRef(UUID.randomUUID() + "-1", null, Clock.systemUTC().instant());
        return new RunOrder(run, "test", new LaunchPlan("a".repeat(64), script, List.of(), Map.of(), Map.of()));
    }
}
