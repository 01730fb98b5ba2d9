package io.slipway.compute.emr.logs;

import io.slipway.compute.LogStream;
import io.slipway.compute.LogStream.Role;
import io.slipway.compute.RunStream;
import io.slipway.compute.emr.logs.LogFolders.Listing;
import io.slipway.compute.emr.logs.LogFolders.LogFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/** What the containers of a YARN application printed, named by what each of them is, once that is certain. */
final class ContainerLogs {

    /** What else there is in a folder is about how the container was made. */
    private static final List<String> FILES = List.of("stdout", "stderr");

    private final S3Client s3;
    private final ApplicationMasters masters;

    ContainerLogs(S3Client s3) {
        this.s3 = s3;
        this.masters = new ApplicationMasters(s3);
    }

    /**
     * @param hasDriver whether the master is the driver of the program
     * @param isOver whether no further logs come
     */
    List<RunStream> of(String bucket, Listing folder, boolean hasDriver, boolean isOver) {
        SortedMap<Integer, SortedMap<ContainerName, LogParts>> attempts = byAttempt(folder);
        List<RunStream> streams = new ArrayList<>();
        attempts.forEach((attempt, containers) -> {
            Optional<ContainerName> master = masters.find(bucket, containers, isOver && !folder.isCut());
            for (S3LogStream stream : streams(bucket, containers)) {
                boolean isOfMaster = master.map(ContainerName::label)
                        .filter(label -> label.equals(stream.source().container()))
                        .isPresent();
                streams.add(
                        master.isEmpty()
                                ? stream
                                : isOfMaster ? ofMaster(stream, hasDriver, attempts.lastKey()) : ofExecutor(stream));
            }
        });
        return streams;
    }

    private static SortedMap<Integer, SortedMap<ContainerName, LogParts>> byAttempt(Listing folder) {
        SortedMap<Integer, SortedMap<ContainerName, LogParts>> attempts = new TreeMap<>();
        for (LogFile file : folder.files()) {
            int slash = file.path().indexOf('/');
            ContainerName.parse(file.path().substring(0, Math.max(0, slash)))
                    .ifPresent(container -> attempts.computeIfAbsent(container.attempt(), number -> new TreeMap<>())
                            .computeIfAbsent(container, name -> new LogParts())
                            .add(file.path().substring(slash + 1), file));
        }
        return attempts;
    }

    /** By where they were printed alone. */
    private List<S3LogStream> streams(String bucket, SortedMap<ContainerName, LogParts> containers) {
        List<S3LogStream> streams = new ArrayList<>();
        containers.forEach((container, parts) -> FILES.forEach(file -> parts.log(file)
                .map(objects -> new S3LogStream(
                        s3,
                        bucket,
                        objects,
                        new LogStream(Role.CONTAINER, container.label(), container.attempt(), file)))
                .ifPresent(streams::add)));
        return streams;
    }

    private static S3LogStream ofExecutor(S3LogStream stream) {
        LogStream source = stream.source();
        return stream.as(new LogStream(Role.EXECUTOR, source.container(), source.attempt(), source.name()), null);
    }

    /** In cluster mode Spark joins both of the program's streams, and its JVM logs to stderr. */
    private static S3LogStream ofMaster(S3LogStream stream, boolean hasDriver, int lastAttempt) {
        LogStream source = stream.source();
        int attempt = source.attempt();
        if (!hasDriver) {
            return stream.as(new LogStream(Role.MASTER, null, attempt, source.name()), null);
        }
        LogStream role = source.name().equals("stdout") ? LogStream.STDOUT : LogStream.SPARK;
        String again = attempt == lastAttempt
                ? ""
                : "YARN started the program again, and " + role.ofAttempt(lastAttempt) + " is of that time.";
        return stream.as(role.ofAttempt(attempt), note(role, again));
    }

    private static @Nullable String note(LogStream role, String again) {
        String both = role.equals(LogStream.STDOUT) ? RunStream.HOLDS_BOTH : "";
        String note = (both + " " + again).strip();
        return note.isEmpty() ? null : note;
    }
}
