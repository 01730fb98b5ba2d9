package io.slipway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.EmrStep;
import io.slipway.chaos.Customers.Shown;
import java.util.List;
import java.util.Map;

/** What must hold after every run, whatever has happened in it: as many steps as jobs, and each job ended as its step did. */
final class Verdict {

    private Verdict() {}

    static void of(Cloud cloud, List<String> names, Map<String, Shown> jobs) {
        List<EmrStep> steps = cloud.emr.steps(Cloud.CLUSTER);
        assertThat(cloud.emr.duplicates()).as("steps that were added twice").isEmpty();
        assertThat(steps).as("as many steps as jobs").hasSameSizeAs(names);
        assertThat(jobs.values()).extracting(Shown::name).containsAll(names);
        for (String name : names) {
            List<Shown> ofName = jobs.values().stream()
                    .filter(job -> job.name().equals(name) && !job.reason().equals("UPLOAD_INTERRUPTED"))
                    .toList();
            assertThat(ofName).as("jobs called " + name).hasSize(1);
            Shown job = ofName.get(0);
            EmrStep step = steps.stream()
                    .filter(one -> one.name().contains("[" + job.id() + "-1]"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no step of " + name + ", which is " + job));
            boolean completed = step.state().equals("COMPLETED");
            assertThat(job.state() + " " + job.reason())
                    .as(name + ", whose step is " + step.state())
                    .isEqualTo(completed ? "SUCCEEDED " : "FAILED STEP_FAILED");
        }
    }
}
