package io.slipway.compute.emr.logs;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.LogStream;
import io.slipway.compute.RunStream;
import io.slipway.compute.emr.client.LogLocation;
import io.slipway.compute.emr.logs.LogFolders.Listing;
import io.slipway.jobs.Application;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What a step and the containers of its YARN application printed, in S3, where EMR copies it every five minutes or so. EMR has no call
 * that leads from the one to the other: the application's id stands in what spark-submit printed.
 */
public final class StepLogs implements LogSource {

    /** spark-submit's own lines first: a program in client mode may print other ids. */
    private static final List<Pattern> APPLICATION = List.of(
            Pattern.compile("Submitt(?:ing|ed) application (application_\\d+_\\d{4,})"),
            Pattern.compile("Application report for (application_\\d+_\\d{4,})"),
            Pattern.compile("\\b(application_\\d+_\\d{4,})\\b"));

    /** It stands in the first lines; what comes before it is a list of what was uploaded. */
    private static final int LOOKED_THROUGH = 2 << 20;

    private final S3Client s3;
    private final LogFolders folders;
    private final ContainerLogs containers;

    public StepLogs(S3Client s3, Clock clock) {
        this.s3 = s3;
        this.folders = new LogFolders(s3, clock);
        this.containers = new ContainerLogs(s3);
    }

    @Override
    public List<RunStream> streams(LoggedRun logged) {
        LogLocation location = logged.logs();
        String stepId = logged.run().remoteId();
        if (location == null || stepId == null) {
            return List.of();
        }
        List<RunStream> streams = new ArrayList<>();
        Application application = logged.run().application();
        if (application != null) {
            Listing folder =
                    folders.list(location.bucket(), location.ofApplication(logged.clusterId(), application.id()));
            streams.addAll(containers.of(location.bucket(), folder, application.hasDriver(), logged.isOver()));
        }
        ofStep(location, location.ofStep(logged.clusterId(), stepId)).stream()
                .map(stream -> logged.hasDriverOnYarn() ? stream : ofProgram(stream))
                .forEach(streams::add);
        return streams;
    }

    /** Where the step runs the program, Spark joins both of the program's streams, and its JVM logs to stderr. */
    private static S3LogStream ofProgram(S3LogStream stream) {
        return switch (stream.source().name()) {
            case "stdout" -> stream.as(LogStream.STDOUT, RunStream.HOLDS_BOTH);
            case "stderr" -> stream.as(LogStream.SPARK, null);
            default -> stream;
        };
    }

    /** The id of the application that the step started, when what was shipped of its logs tells it. */
    public Optional<String> application(LogLocation location, String clusterId, String stepId) {
        List<S3LogStream> streams = ofStep(location, location.ofStep(clusterId, stepId));
        return List.of("stderr", "stdout").stream()
                .flatMap(name ->
                        streams.stream().filter(stream -> stream.source().name().equals(name)))
                .flatMap(stream -> applicationIn(stream).stream())
                .findFirst();
    }

    private static Optional<String> applicationIn(RunStream stream) {
        String text;
        try (InputStream in = stream.open(0)) {
            text = new String(in.readNBytes(LOOKED_THROUGH), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ComputeUnavailable("The log " + stream.id() + " cannot be read.", e);
        }
        return APPLICATION.stream()
                .map(pattern -> pattern.matcher(text))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
    }

    private List<S3LogStream> ofStep(LogLocation location, String folder) {
        LogParts parts = new LogParts();
        folders.list(location.bucket(), folder).files().forEach(file -> parts.add(file.path(), file));
        List<S3LogStream> streams = new ArrayList<>();
        parts.logs()
                .forEach((name, files) ->
                        streams.add(new S3LogStream(s3, location.bucket(), files, LogStream.ofStep(name))));
        return streams;
    }
}
