package io.slipway.compute.emr.links;

import io.slipway.compute.RunLink;
import io.slipway.compute.emr.client.LogLocation;
import io.slipway.jobs.Application;
import io.slipway.jobs.RunRef;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.RegionMetadata;

/** Pages of the AWS console, in the domain of the region's partition. EMR has no page for a single step that one could link to. */
public final class ConsoleLinks {

    private static final Map<String, String> DOMAINS =
            Map.of("aws-cn", "console.amazonaws.cn", "aws-us-gov", "console.amazonaws-us-gov.com");

    private final String region;
    private final String base;

    public ConsoleLinks(Region region) {
        this.region = region.id();
        RegionMetadata metadata = RegionMetadata.of(region);
        String partition = metadata == null ? "aws" : metadata.partition().id();
        this.base = "https://" + this.region + "." + DOMAINS.getOrDefault(partition, "console.aws.amazon.com");
    }

    /**
     * What there is about a run.
     *
     * @param logs where its cluster keeps them
     */
    public List<RunLink> of(String clusterId, Optional<LogLocation> logs, RunRef run) {
        List<RunLink> pages = new ArrayList<>();
        pages.add(new RunLink("console", "EMR console", cluster(clusterId)));
        String stepId = run.remoteId();
        Application application = run.application();
        logs.ifPresent(location -> {
            if (stepId != null) {
                pages.add(new RunLink(
                        "s3Logs", "Step logs in S3", folder(location.bucket(), location.ofStep(clusterId, stepId))));
            }
            if (application != null) {
                pages.add(new RunLink(
                        "s3ContainerLogs",
                        "Container logs in S3",
                        folder(location.bucket(), location.ofApplication(clusterId, application.id()))));
            }
        });
        return pages;
    }

    public URI cluster(String clusterId) {
        return URI.create(base + "/emr/home?region=" + region + "#/clusterDetails/" + clusterId);
    }

    URI folder(String bucket, String prefix) {
        return URI.create(base + "/s3/buckets/" + bucket + "?region=" + region + "&prefix="
                + URLEncoder.encode(prefix, StandardCharsets.UTF_8));
    }
}
