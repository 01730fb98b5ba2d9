package io.slipway.artifacts.s3;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Sends a large file part by part, each read from the disk as it goes, so that memory does not grow with the file. Not the SDK's
 * transfer manager: that holds whole parts in memory and needs a second, asynchronous client.
 */
class MultipartUploads {

    private static final Logger log = LoggerFactory.getLogger(MultipartUploads.class);

    private final S3Client client;
    private final String bucket;
    private final S3Calls calls;

    MultipartUploads(S3Client client, String bucket, S3Calls calls) {
        this.client = client;
        this.bucket = bucket;
        this.calls = calls;
    }

    /** Throws what the SDK throws; nothing of the file is under the key then, and the parts that were sent are thrown away. */
    void upload(String key, Path file, long size, long partSize, boolean onlyIfNew) {
        String id = calls.call(() -> client.createMultipartUpload(
                        request -> request.bucket(bucket).key(key)))
                .uploadId();
        boolean completed = false;
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (long offset = 0; offset < size; offset += partSize) {
                FileSlice slice = new FileSlice(file, offset, Math.min(partSize, size - offset));
                parts.add(uploadPart(key, id, parts.size() + 1, slice));
            }
            calls.call(() -> client.completeMultipartUpload(request -> request.bucket(bucket)
                    .key(key)
                    .uploadId(id)
                    .ifNoneMatch(onlyIfNew ? "*" : null)
                    .multipartUpload(upload -> upload.parts(parts))));
            completed = true;
        } finally {
            if (!completed) {
                abort(key, id);
            }
        }
    }

    /** S3 wants back, with the list of parts, whatever checksums it was given with each. */
    private CompletedPart uploadPart(String key, String id, int number, FileSlice slice) {
        RequestBody body = RequestBody.fromContentProvider(slice, slice.length(), "application/octet-stream");
        UploadPartResponse sent = calls.call(() -> client.uploadPart(
                request -> request.bucket(bucket).key(key).uploadId(id).partNumber(number), body));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(sent.eTag())
                .checksumCRC32(sent.checksumCRC32())
                .checksumCRC32C(sent.checksumCRC32C())
                .checksumCRC64NVME(sent.checksumCRC64NVME())
                .checksumSHA1(sent.checksumSHA1())
                .checksumSHA256(sent.checksumSHA256())
                .build();
    }

    /** Once and without the circuit breaker: what stays behind costs money, but no caller should wait for it. */
    private void abort(String key, String id) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(id));
        } catch (NoSuchUploadException e) {
            log.debug("The upload {} of {} is gone already", id, key);
        } catch (SdkException e) {
            log.warn(
                    "Could not abort the upload {} of {} in bucket {}; a lifecycle rule should remove unfinished uploads. ({})",
                    id,
                    key,
                    bucket,
                    e.getMessage());
        }
    }
}
