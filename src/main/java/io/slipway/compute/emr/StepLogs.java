package io.slipway.compute.emr;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunStream;
import io.slipway.compute.emr.LogFolders.LogFile;
import io.slipway.jobs.Application;
import io.slipway.jobs.RunRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What a step and the containers of its YARN application printed, in S3, where EMR copies it every five minutes or so. EMR has no call
 * that leads from the one to the other: the application's id stands in what spark-submit printed.
 */
final class StepLogs {

    /** spark-submit's own lines first: a program in client mode may print other ids. */
    private static final List<Pattern> APPLICATION = List.of(
            Pattern.compile("Submitt(?:ing|ed) application (application_\\d+_\\d{4,})"),
            Pattern.compile("Application report for (application_\\d+_\\d{4,})"),
            Pattern.compile("\\b(application_\\d+_\\d{4,})\\b"));

    /** It stands in the first lines; what comes before it is a list of what was uploaded. */
    private static final int LOOKED_THROUGH = 2 << 20;

    private final S3Client s3;
    private final LogFolders folders;

    StepLogs(S3Client s3, Clock clock) {
        this.s3 = s3;
        this.folders = new LogFolders(s3, clock);
    }

    /** The driver's first: they are what people look for. */
    List<RunStream> of(LogLocation place, String clusterId, RunRef run) {
        String stepId = run.remoteId();
        if (stepId == null) {
            return List.of();
        }
        List<RunStream> streams = new ArrayList<>();
        Application application = run.application();
        if (application != null) {
            streams.addAll(ofContainers(place, place.ofApplication(clusterId, application.id()), application));
        }
        streams.addAll(ofStep(place, place.ofStep(clusterId, stepId)));
        return streams;
    }

    /** The id of the application that the step started, when what was shipped of its logs tells it. */
    Optional<String> application(LogLocation place, String clusterId, String stepId) {
        List<RunStream> streams = ofStep(place, place.ofStep(clusterId, stepId));
        return List.of("stderr", "stdout").stream()
                .flatMap(name -> streams.stream().filter(stream -> stream.name().equals(name)))
                .flatMap(stream -> applicationIn(stream).stream())
                .findFirst();
    }

    private static Optional<String> applicationIn(RunStream stream) {
        String text;
        try (InputStream in = stream.open(0)) {
            text = new String(in.readNBytes(LOOKED_THROUGH), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ComputeUnavailable("The log " + stream.name() + " cannot be read.", e);
        }
        return APPLICATION.stream()
                .map(pattern -> pattern.matcher(text))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
    }

    private List<RunStream> ofStep(LogLocation place, String folder) {
        LogParts parts = new LogParts();
        folders.files(place.bucket(), folder).forEach(file -> parts.add(file.path(), file));
        return List.copyOf(parts.streams(s3, place.bucket(), name -> name));
    }

    private List<RunStream> ofContainers(LogLocation place, String folder, Application application) {
        Map<ContainerName, LogParts> containers = new TreeMap<>(ContainerName.ORDER);
        for (LogFile file : folders.files(place.bucket(), folder)) {
            int slash = file.path().indexOf('/');
            ContainerName.parse(file.path().substring(0, Math.max(0, slash)))
                    .ifPresent(container -> containers
                            .computeIfAbsent(container, name -> new LogParts())
                            .add(file.path().substring(slash + 1), file));
        }
        List<RunStream> streams = new ArrayList<>();
        containers.forEach((container, parts) ->
                streams.addAll(parts.streams(s3, place.bucket(), file -> container.stream(application, file))));
        return streams;
    }
}
