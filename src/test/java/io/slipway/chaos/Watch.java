package io.slipway.chaos;

import io.slipway.aws.EmrStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Looks on while the jobs go their way. It has no opinion on how long that may take, which is the machine's affair, and gives up only
 * when nothing at all has moved for long.
 */
final class Watch {

    /** Some three times what a job may have to wait for a window to end. */
    private static final Duration STANDSTILL = Duration.ofSeconds(90);

    private static final Set<String> ENDS = Set.of("SUCCEEDED", "FAILED", "CANCELLED");

    private final Cloud cloud;
    private final Customers customers;
    private final List<String> names;
    private Map<String, JsonNode> jobs = Map.of();
    private List<String> seen = List.of();
    private int moves;
    private long movedAt = System.nanoTime();

    Watch(Cloud cloud, Customers customers, List<String> names) {
        this.cloud = cloud;
        this.customers = customers;
        this.names = names;
    }

    /** At least so long, and until several things have moved: a slow machine has lives in which something happens, too. */
    void someLife(int millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int enough = moves + 3;
        while ((System.nanoTime() < until || moves < enough) && !isDone()) {
            look();
        }
    }

    Map<String, JsonNode> untilDone() throws InterruptedException {
        while (!isDone()) {
            look();
        }
        return jobs;
    }

    private void look() throws InterruptedException {
        cloud.disturbS3();
        TimeUnit.MILLISECONDS.sleep(250);
        Map<String, JsonNode> now = customers.jobs();
        jobs = now.isEmpty() ? jobs : now;
        List<String> next = snapshot();
        if (!next.equals(seen)) {
            seen = next;
            moves++;
            movedAt = System.nanoTime();
        } else if (System.nanoTime() - movedAt > STANDSTILL.toNanos()) {
            throw new AssertionError("Nothing has moved for " + STANDSTILL + ". " + customers.accepted() + " of "
                    + names.size() + " jobs were accepted; not at their end:\n" + unfinished());
        }
    }

    private List<String> snapshot() {
        List<String> all = jobs.values().stream()
                .map(job -> job.get("id") + " " + job.get("state") + job.get("attempt") + job.path("cleanup"))
                .collect(Collectors.toList());
        cloud.emr.steps(Cloud.CLUSTER).forEach(step -> all.add(step.id() + step.state()));
        all.add(String.valueOf(customers.accepted()));
        return all;
    }

    private boolean isDone() {
        return jobs.values().stream()
                        .filter(Watch::hasEnded)
                        .map(job -> job.get("name").asString())
                        .distinct()
                        .count()
                == names.size();
    }

    private static boolean hasEnded(JsonNode job) {
        return ENDS.contains(job.get("state").asString())
                && !job.path("cleanup").asString("").equals("waiting")
                && !job.at("/reason/code").asString("").equals("UPLOAD_INTERRUPTED");
    }

    private String unfinished() {
        return jobs.values().stream()
                .filter(job -> !hasEnded(job))
                .map(job -> job + "\n  " + customers.story(job.get("id").asString()) + "\n  " + stepsOf(job))
                .collect(Collectors.joining("\n"));
    }

    private List<String> stepsOf(JsonNode job) {
        return cloud.emr.steps(Cloud.CLUSTER).stream()
                .filter(step -> step.name().contains(job.get("id").asString()))
                .map((EmrStep step) -> step.id() + " " + step.name() + " " + step.state())
                .toList();
    }
}
