package io.slipway.artifacts.s3;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.project.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Artifacts as objects. S3 shows an object only when all of it is there, and {@code If-None-Match: *} lets the first of several
 * writers win; as names hold the same bytes for ever, the others take its work for theirs.
 */
class S3ArtifactStore implements ArtifactStore, AutoCloseable {

    /** How often a put looks again when others write the same name in the same moment. */
    private static final int ROUNDS = 5;

    /** Up to this size a call that asks whether it is there costs more than sending it. */
    private static final long SENT_AT_ONCE = 1024 * 1024;

    private final S3Client client;
    private final S3Settings settings;
    private final S3Calls calls;
    private final MultipartUploads multipart;

    /** Some S3-compatible stores know no conditional writes; it is learned from their first refusal. */
    private volatile boolean conditionalWrites = true;

    S3ArtifactStore(S3Client client, S3Settings settings, S3Calls calls) {
        this.client = client;
        this.settings = settings;
        this.calls = calls;
        this.multipart = new MultipartUploads(client, settings.bucket(), calls);
    }

    @Override
    public void put(ArtifactName name, Path file) throws IOException {
        long size = Files.size(file);
        if (size >= settings.multipartThreshold().toBytes()) {
            put(name, size, (key, onlyIfNew) -> multipart.upload(key, file, size, settings.partBytes(size), onlyIfNew));
        } else {
            put(name, size, (key, onlyIfNew) -> putObject(key, RequestBody.fromFile(file), onlyIfNew));
        }
    }

    @Override
    public void put(ArtifactName name, byte[] content) throws IOException {
        put(name, content.length, (key, onlyIfNew) -> putObject(key, RequestBody.fromBytes(content), onlyIfNew));
    }

    @Override
    public boolean exists(ArtifactName name) throws IOException {
        String key = key(name);
        return explained("look for " + key, () -> size(key)).isPresent();
    }

    @Override
    public InputStream open(ArtifactName name) throws IOException {
        String key = key(name);
        try {
            return new ObjectStream(explained(
                    "read " + key,
                    () -> calls.call(() -> client.getObject(
                            request -> request.bucket(settings.bucket()).key(key)))));
        } catch (IOException e) {
            if (e.getCause() instanceof NoSuchKeyException) {
                throw new NoSuchFileException(uri(name).toString());
            }
            throw e;
        }
    }

    @Override
    public void delete(ArtifactName name) throws IOException {
        delete(key(name));
    }

    private void delete(String key) throws IOException {
        explained(
                "delete " + key,
                () -> calls.call(() -> client.deleteObject(request ->
                        request.bucket(settings.bucket()).key(key).overrideConfiguration(S3ArtifactStore::quick))));
    }

    @Override
    public void deletePieces(ArtifactId projectId) throws IOException {
        String prefix = settings.prefix() + ArtifactName.pieces(projectId);
        String more = null;
        do {
            String from = more;
            ListObjectsV2Response page = explained(
                    "list " + prefix,
                    () -> calls.call(() -> client.listObjectsV2(request ->
                            request.bucket(settings.bucket()).prefix(prefix).continuationToken(from))));
            for (S3Object piece : page.contents()) {
                delete(piece.key());
            }
            more = page.nextContinuationToken();
        } while (more != null);
    }

    @Override
    public URI uri(ArtifactName name) {
        return URI.create("s3://" + settings.bucket() + "/" + key(name));
    }

    @Override
    public void close() {
        client.close();
    }

    private void put(ArtifactName name, long size, Upload upload) throws IOException {
        String key = key(name);
        boolean stored = explained("store " + key, () -> stored(key, size, upload));
        if (!stored) {
            throw new IOException("Could not store " + key + " in bucket " + settings.bucket()
                    + ": others write the same name again and again. Try again later.");
        }
    }

    /**
     * Looking first costs one small call and saves sending a large project that is there already. A small one is sent at once: the store
     * itself says when it is there.
     */
    private boolean stored(String key, long size, Upload upload) {
        boolean looks = size > SENT_AT_ONCE || !conditionalWrites;
        for (int round = 0; round < ROUNDS; round++) {
            OptionalLong there = looks ? size(key) : OptionalLong.empty();
            looks = true;
            if (there.isPresent() && there.getAsLong() == size) {
                return true;
            }
            boolean onlyIfNew = there.isEmpty() && conditionalWrites;
            try {
                upload.run(key, onlyIfNew);
                return true;
            } catch (S3Exception e) {
                if (!isWorthLookingAgain(e, onlyIfNew)) {
                    throw e;
                }
            }
        }
        return false;
    }

    /**
     * Somebody else was faster (412), is at it in this moment (409), or it was this very call, whose first answer was lost, that
     * completed the upload ({@code NoSuchUpload}).
     */
    private boolean isWorthLookingAgain(S3Exception e, boolean onlyIfNew) {
        if (onlyIfNew && e.statusCode() == 501) {
            conditionalWrites = false;
            return true;
        }
        return e.statusCode() == 412
                || e.statusCode() == 409
                || S3Failure.code(e).equals("NoSuchUpload");
    }

    private void putObject(String key, RequestBody body, boolean onlyIfNew) {
        calls.call(() -> client.putObject(
                request -> request.bucket(settings.bucket()).key(key).ifNoneMatch(onlyIfNew ? "*" : null), body));
    }

    private OptionalLong size(String key) {
        try {
            return OptionalLong.of(calls.call(() -> client.headObject(request ->
                            request.bucket(settings.bucket()).key(key).overrideConfiguration(S3ArtifactStore::quick)))
                    .contentLength());
        } catch (NoSuchKeyException e) {
            return OptionalLong.empty();
        }
    }

    private <T> T explained(String what, Supplier<T> work) throws IOException {
        try {
            return work.get();
        } catch (SdkException | CallNotPermittedException e) {
            throw S3Failure.explained(settings.bucket(), what, e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private String key(ArtifactName name) {
        return settings.prefix() + name.path();
    }

    private static void quick(AwsRequestOverrideConfiguration.Builder config) {
        config.apiCallAttemptTimeout(Duration.ofSeconds(10));
    }

    private interface Upload {
        void run(String key, boolean onlyIfNew);
    }
}
