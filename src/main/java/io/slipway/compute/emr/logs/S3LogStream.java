package io.slipway.compute.emr.logs;

import io.slipway.compute.LogRefused;
import io.slipway.compute.LogStream;
import io.slipway.compute.RunStream;
import io.slipway.compute.emr.client.EmrErrors;
import io.slipway.compute.emr.logs.LogFolders.LogFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * One log that lies in S3 in one or more parts, compressed or not; whether they are is seen from their first bytes alone.
 *
 * @param source by the folder in which it lies
 */
record S3LogStream(
        S3Client s3,
        String bucket,
        List<LogFile> files,
        LogStream id,
        LogStream source,
        @Nullable String note) implements RunStream {

    /** A stream whose role is not known, or is that of its folder. */
    S3LogStream(S3Client s3, String bucket, List<LogFile> files, LogStream source) {
        this(s3, bucket, files, source, source, null);
    }

    S3LogStream as(LogStream role, @Nullable String note) {
        return new S3LogStream(s3, bucket, files, role, source, note);
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.empty();
    }

    @Override
    public String revision() {
        return files.stream().map(file -> file.key() + " " + file.etag()).collect(Collectors.joining("\n"));
    }

    /** What is shipped after the end is shipped for the last time. */
    @Override
    public boolean isWhole(Instant endedAt) {
        return files.stream().anyMatch(file -> file.changedAt().isAfter(endedAt));
    }

    @Override
    public InputStream open(long offset) throws IOException {
        long stored = files.stream().mapToLong(LogFile::size).sum();
        InputStream all = new JoinedParts(files.iterator(), this::fetch, stored);
        try {
            skip(all, offset);
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private InputStream fetch(LogFile file) throws IOException {
        String key = file.key();
        try {
            return new AbandonableStream(
                    s3.getObject(request -> request.bucket(bucket).key(key)));
        } catch (NoSuchKeyException e) {
            throw new NoSuchFileException("s3://" + bucket + "/" + key);
        } catch (SdkException e) {
            throw new LogRefused(words(e), e);
        }
    }

    private static String words(SdkException failure) {
        return EmrErrors.isClientError(failure)
                ? "S3 refused to give this log: " + EmrErrors.code(failure) + "."
                : "S3 does not answer.";
    }

    private static void skip(InputStream in, long bytes) throws IOException {
        byte[] waste = new byte[1 << 16];
        long left = bytes;
        while (left > 0) {
            int read = in.read(waste, 0, (int) Math.min(waste.length, left));
            if (read < 0) {
                return;
            }
            left -= read;
        }
    }
}
