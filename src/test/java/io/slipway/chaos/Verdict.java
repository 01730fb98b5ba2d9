package io.slipway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.EmrStep;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * What must hold after every run, whatever has happened in it: one step for each run, each job ended as its last step did, and nothing
 * that is said to be cleaned up still runs.
 */
final class Verdict {

    private static final String CLEANUP = "Slipway cleanup [";

    private final List<EmrStep> steps;
    private final Cloud cloud;
    private int givenBack;

    private Verdict(Cloud cloud) {
        this.cloud = cloud;
        this.steps = cloud.emr.steps(Cloud.CLUSTER);
    }

    static String of(Cloud cloud, List<String> names, Map<String, JsonNode> jobs) {
        assertThat(cloud.emr.duplicates()).as("steps that were added twice").isEmpty();
        assertThat(cloud.overlaps)
                .as("attempts that began while an earlier one still ran")
                .isEmpty();
        Verdict verdict = new Verdict(cloud);
        int runs = 0;
        for (String name : names) {
            List<JsonNode> ofName = jobs.values().stream()
                    .filter(job -> job.get("name").asString().equals(name))
                    .filter(job -> !job.at("/reason/code").asString("").equals("UPLOAD_INTERRUPTED"))
                    .toList();
            assertThat(ofName).as("jobs called " + name).hasSize(1);
            runs += verdict.of(name, ofName.get(0));
        }
        List<EmrStep> others = verdict.steps.stream()
                .filter(step -> step.name().startsWith(CLEANUP))
                .toList();
        assertThat(verdict.steps.size() - others.size())
                .as("as many steps as runs")
                .isEqualTo(runs);
        return runs + " runs, as many steps, of which " + verdict.givenBack + " were taken back, and " + others.size()
                + " cleanup steps; jobs by end " + ends(jobs);
    }

    /** Returns how many steps its runs have. */
    private int of(String name, JsonNode job) {
        List<JsonNode> runs =
                StreamSupport.stream(job.get("runs").spliterator(), false).toList();
        int found = 0;
        EmrStep last = null;
        for (JsonNode run : runs) {
            List<EmrStep> own = steps.stream()
                    .filter(step ->
                            step.name().endsWith("[" + run.get("submissionKey").asString() + "]"))
                    .toList();
            String remoteId = run.path("remoteId").asString("");
            assertThat(own.stream().map(EmrStep::id).toList())
                    .as("steps of " + job)
                    .isEqualTo(remoteId.isEmpty() ? List.of() : List.of(remoteId));
            found += own.size();
            last = own.isEmpty() ? null : own.get(0);
        }
        assertThat(job.get("state").asString() + " " + job.at("/reason/code").asString("-"))
                .as("%s, whose last step is %s: %s", name, last == null ? "none" : last.state(), job)
                .isEqualTo(expected(Kind.of(name), last));
        assertThatNothingIsLeft(job);
        return found + givenBack(job, runs);
    }

    /** Steps of the job that are none of its runs: each was taken back, under a key that was never used again. */
    private int givenBack(JsonNode job, List<JsonNode> runs) {
        Set<String> keys =
                runs.stream().map(run -> run.get("submissionKey").asString()).collect(Collectors.toSet());
        List<EmrStep> others = steps.stream()
                .filter(step -> step.name().contains("[" + job.get("id").asString() + "-"))
                .filter(step -> keys.stream().noneMatch(key -> step.name().endsWith("[" + key + "]")))
                .toList();
        // One that began just as it was asked back, and failed at once without a status: nobody can distinguish that
        // from EMR's own way of stopping it. No driver reports anything here.
        assertThat(others)
                .as("steps that were taken back of %s", job)
                .extracting(EmrStep::state)
                .isSubsetOf("CANCELLED", "FAILED");
        assertThat(others).filteredOn(step -> step.state().equals("FAILED")).hasSizeLessThan(2);
        givenBack += others.size();
        return others.size();
    }

    private static String expected(Kind kind, EmrStep last) {
        String cancelled = "CANCELLED CANCELLED_BY_USER";
        if (last == null) {
            return kind.isCancelled() ? cancelled : "a step";
        }
        return switch (last.state()) {
            case "COMPLETED" -> "SUCCEEDED -";
            case "FAILED", "INTERRUPTED" -> "FAILED RUN_FAILED";
            case "CANCELLED" -> kind.isCancelled() ? cancelled : "FAILED TIMED_OUT";
            default -> "an end of its step";
        };
    }

    private void assertThatNothingIsLeft(JsonNode job) {
        assertThat(job.path("cleanup").asString("done")).as("cleanup of " + job).isEqualTo("done");
        assertThat(cloud.applicationsOf(job.get("id").asString()))
                .as("applications of " + job)
                .isEmpty();
        assertThat(job.get("stillRunning"))
                .as("what is still running of " + job)
                .isEmpty();
    }

    private static Map<String, Long> ends(Map<String, JsonNode> jobs) {
        return jobs.values().stream()
                .collect(Collectors.groupingBy(
                        job -> job.at("/reason/code").asString(job.get("state").asString()), Collectors.counting()));
    }
}
