package io.slipway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The objects and unfinished uploads of one bucket, and S3's rules about them. */
final class S3Bucket {

    /** Every part but the last has at least 5 MiB (emr-facts, section 11). */
    private static final int SMALLEST_PART = 5 << 20;

    /** S3 lists keys in the order of their UTF-8 bytes. */
    final ConcurrentSkipListMap<String, StoredObject> objects =
            new ConcurrentSkipListMap<>((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));

    final Map<String, Upload> uploads = new ConcurrentHashMap<>();

    record StoredObject(byte[] content, String etag) {}

    record Part(byte[] content, String etag, String crc32) {}

    record CompletedPart(int number, String etag, String crc32) {}

    record Upload(String key, boolean withChecksums, ConcurrentSkipListMap<Integer, Part> parts) {}

    StoredObject get(String key) {
        StoredObject object = objects.get(key);
        if (object == null) {
            throw new S3Error.Refusal(S3Error.NO_SUCH_KEY);
        }
        return object;
    }

    /** With {@code If-None-Match: *} the first whose bytes are complete wins, 412 for all others (emr-facts, section 11). */
    StoredObject put(String key, byte[] content, boolean mustBeNew) {
        return put(key, new StoredObject(content, md5(content)), mustBeNew);
    }

    String createUpload(String key, boolean withChecksums) {
        String id = UUID.randomUUID().toString();
        uploads.put(id, new Upload(key, withChecksums, new ConcurrentSkipListMap<>()));
        return id;
    }

    Part uploadPart(String key, String uploadId, int number, byte[] content, String crc32) {
        Part part = new Part(content, md5(content), crc32);
        upload(key, uploadId).parts().put(number, part);
        return part;
    }

    /** The upload is gone only after a success: a completion that was refused may be tried again or aborted. */
    StoredObject complete(String key, String uploadId, List<CompletedPart> wanted, boolean mustBeNew) {
        Upload upload = upload(key, uploadId);
        if (wanted.isEmpty()) {
            throw new S3Error.Refusal(S3Error.INVALID_REQUEST);
        }
        for (int i = 1; i < wanted.size(); i++) {
            if (wanted.get(i).number() <= wanted.get(i - 1).number()) {
                throw new S3Error.Refusal(S3Error.INVALID_PART_ORDER);
            }
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int i = 0; i < wanted.size(); i++) {
            Part part = part(upload, wanted.get(i));
            if (i < wanted.size() - 1 && part.content().length < SMALLEST_PART) {
                throw new S3Error.Refusal(S3Error.ENTITY_TOO_SMALL);
            }
            content.writeBytes(part.content());
        }
        byte[] bytes = content.toByteArray();
        StoredObject done = put(key, new StoredObject(bytes, md5(bytes) + "-" + wanted.size()), mustBeNew);
        uploads.remove(uploadId);
        return done;
    }

    void abort(String key, String uploadId) {
        upload(key, uploadId);
        uploads.remove(uploadId);
    }

    Upload upload(String key, String uploadId) {
        Upload upload = uploads.get(uploadId);
        if (upload == null || !upload.key().equals(key)) {
            throw new S3Error.Refusal(S3Error.NO_SUCH_UPLOAD);
        }
        return upload;
    }

    /** Pessimism: an upload that was begun with a checksum algorithm wants every part's checksum again at its end. */
    private static Part part(Upload upload, CompletedPart wanted) {
        Part part = upload.parts().get(wanted.number());
        boolean same = part != null
                && wanted.etag().replace("\"", "").equals(part.etag())
                && (!upload.withChecksums() || part.crc32().equals(wanted.crc32()));
        if (!same) {
            throw new S3Error.Refusal(S3Error.INVALID_PART);
        }
        return part;
    }

    private StoredObject put(String key, StoredObject object, boolean mustBeNew) {
        if (!mustBeNew) {
            objects.put(key, object);
        } else if (objects.putIfAbsent(key, object) != null) {
            throw new S3Error.Refusal(S3Error.PRECONDITION_FAILED);
        }
        return object;
    }

    private static String md5(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
