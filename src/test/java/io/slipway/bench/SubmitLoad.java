package io.slipway.bench;

import static org.awaitility.Awaitility.await;

import io.slipway.Databases;
import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The jar as a process of its own on stand-ins of S3 and EMR, and clients that send it projects. Each project is another one, so that each
 * is stored. Jobs end at once, and EMR's quota does not hold, so that the time until a step is accepted is the service's own.
 */
final class SubmitLoad implements AutoCloseable {

    private static final String CLUSTER = "j-2AXXXXXXGAPLF";
    private static final List<String> BUDGETS =
            List.of("total", "add-job-flow-steps", "cancel-steps", "list-steps", "describe-step", "describe-cluster");

    private final SimulatedEmr emr = SimulatedEmr.start(Clock.systemUTC()).withCluster(CLUSTER, 256, null);
    private final SimulatedS3 s3 = SimulatedS3.start().withBucket("artifacts");
    private final Load load;
    private final Map<String, Instant> acceptedAt = new ConcurrentHashMap<>();
    private final Path home;
    private final StartedProgram service;
    private String lastJob = "";

    /** What a load came to; both times begin with the request. */
    record Measured(int jobs, Duration time, Lags toAnswer, Lags toStep) {
        double perSecond() {
            return jobs / (time.toMillis() / 1000.0);
        }
    }

    /** @param database {@code null} for the H2 file of the service */
    SubmitLoad(Path home, Databases.Database database, Program program) throws IOException {
        emr.script(name -> StepScript.succeedsAfter(Duration.ZERO));
        emr.onChange((cluster, step) -> {
            if (step.state().equals("PENDING")) {
                String key = step.name()
                        .substring(step.name().indexOf('[') + 1, step.name().lastIndexOf('-'));
                acceptedAt.put(key, Instant.now());
            }
        });
        this.home = home;
        this.load = new Load();
        this.service = StartedProgram.of(program, home, AwsEnvironment.variables(emr, s3), arguments(database));
    }

    private static List<String> arguments(Databases.@Nullable Database database) {
        List<String> arguments = new ArrayList<>(List.of(
                "--slipway.artifacts.s3.bucket=artifacts",
                "--slipway.artifacts.s3.path-style=true",
                "--slipway.clusters.bench.emr.cluster-id=" + CLUSTER,
                "--slipway.clusters.bench.emr.step-concurrency=256",
                "--slipway.clusters.bench.emr.look-ahead=0",
                // No driver runs here that could tell its end.
                "--slipway.clusters.bench.emr.jobs.live=false",
                "--slipway.compute.emr.pace=1s",
                "--slipway.submission.max-concurrent-uploads=64",
                "--slipway.submission.max-concurrent-uploads-of-owner=64"));
        BUDGETS.forEach(budget -> {
            arguments.add("--slipway.compute.emr.budget." + budget + ".burst=100");
            arguments.add("--slipway.compute.emr.budget." + budget + ".per-second=100");
        });
        if (database != null) {
            arguments.add("--spring.datasource.url=" + database.url());
            arguments.add("--spring.datasource.username=" + database.user());
            arguments.add("--spring.datasource.password=" + database.password());
        }
        return arguments;
    }

    /** Sends so many projects of the size, each client one after the other; each is another one. */
    Measured send(int jobs, int clients, int bytes) throws IOException {
        return send(Load.Kind.ANOTHER_PROJECT, jobs, clients, bytes);
    }

    /** As {@link #send}, with one project again and again. */
    Measured sendAgain(int jobs, int clients, int bytes) throws IOException {
        return send(Load.Kind.SAME_PROJECT, jobs, clients, bytes);
    }

    private Measured send(Load.Kind kind, int jobs, int clients, int bytes) throws IOException {
        Load.Measured measured = load.run(kind, service.uri("/jobs"), jobs, clients, bytes);
        List<String> ids = measured.answers().stream().map(Load.Answered::id).toList();
        lastJob = ids.get(ids.size() - 1);
        await().atMost(Duration.ofMinutes(5)).until(() -> acceptedAt.keySet().containsAll(ids));
        Lags toAnswer = new Lags();
        Lags toStep = new Lags();
        measured.answers().forEach(answer -> {
            toAnswer.add(answer.took());
            toStep.add(Duration.between(answer.sent(), acceptedAt.get(answer.id())));
        });
        // The stand-in keeps what it was given in memory.
        List.copyOf(s3.keys("artifacts")).forEach(key -> s3.forget("artifacts", key));
        return new Measured(jobs, measured.time(), toAnswer, toStep);
    }

    /** Reads one job again and again. */
    Load.Measured get(int requests, int clients) throws IOException {
        return load.run(Load.Kind.GET, service.uri("/jobs/" + lastJob), requests, clients, 0);
    }

    /** Streams of all events that somebody reads, until they are closed. */
    OpenStreams openStreams(int count) throws IOException {
        return new OpenStreams(service.uri("/events"), count);
    }

    /** What H2's file takes for a job so far, in kilobytes. */
    double kilobytesOfAJob() throws IOException {
        return Files.size(home.resolve("db/slipway.mv.db")) / 1e3 / acceptedAt.size();
    }

    Duration timeToStart() {
        return service.timeToStart();
    }

    long residentMegabytes() throws IOException {
        return Usage.megabytes(service.process());
    }

    Duration cpu() {
        return Usage.cpu(service.process());
    }

    @Override
    public void close() {
        load.close();
        service.close();
        emr.close();
        s3.close();
    }
}
