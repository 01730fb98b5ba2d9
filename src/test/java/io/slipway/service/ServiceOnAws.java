package io.slipway.service;

import io.slipway.SlipwayApplication;
import io.slipway.api.Service;
import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.EmrEvents;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.SimulatedSqs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service in this JVM, set up by its settings alone, with one cluster on stand-ins of EMR, S3 and SQS. */
final class ServiceOnAws implements AutoCloseable {

    static final String CLUSTER = "j-2AXXXXXXGAPLF";
    static final String BUCKET = "artifacts";

    private static final Clock CLOCK = Clock.systemUTC();

    final SimulatedEmr emr = SimulatedEmr.start(CLOCK);
    final SimulatedS3 s3 = SimulatedS3.start().withBucket(BUCKET);
    final SimulatedSqs queue = SimulatedSqs.start(CLOCK);
    private final AwsEnvironment aws = new AwsEnvironment()
            .withS3(s3.endpoint())
            .with("aws.endpointUrlEmr", emr.endpoint().toString())
            .with("aws.endpointUrlSqs", queue.endpoint().toString());
    private ConfigurableApplicationContext service;

    ServiceOnAws() throws IOException {
        this(10);
    }

    /** @param stepConcurrency how many steps the cluster runs at once */
    ServiceOnAws(int stepConcurrency) throws IOException {
        emr.withCluster(CLUSTER, stepConcurrency, "s3://" + BUCKET + "/logs/");
        EmrEvents.connect(emr, queue, CLOCK, Duration.ofMillis(200));
    }

    ServiceOnAws start(Path home, String... settings) {
        service = run(home, settings);
        return this;
    }

    /** Another replica on the database of the one that was started; the caller closes it. */
    ConfigurableApplicationContext replica(Path home, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--spring.datasource.url=" + service.getEnvironment().getProperty("spring.datasource.url"));
        return run(home, all.toArray(String[]::new));
    }

    private static ConfigurableApplicationContext run(Path home, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "--server.port=0",
                "--slipway.home=" + home,
                "--slipway.artifacts.s3.bucket=" + BUCKET,
                "--slipway.artifacts.s3.path-style=true",
                "--slipway.compute.emr.log-path-style=true",
                "--slipway.clusters.analytics.emr.cluster-id=" + CLUSTER));
        all.addAll(List.of(settings));
        return SpringApplication.run(SlipwayApplication.class, all.toArray(String[]::new));
    }

    int port() {
        return Integer.parseInt(service.getEnvironment().getProperty("local.server.port"));
    }

    Service client(String token) {
        return new Service(port(), token);
    }

    void stop() {
        service.close();
        service = null;
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
        aws.close();
        emr.close();
        s3.close();
        queue.close();
    }
}
