package io.slipway.compute.emr.live;

import io.slipway.compute.LogRefused;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** The bytes of pieces, which never change: those that were read last are kept, since all who follow a log read the same. */
final class LivePieces {

    private static final long KEPT = 32L << 20;

    private final S3Client s3;
    private final Map<String, byte[]> known = new LinkedHashMap<>(16, 0.75f, true);
    private long kept;

    LivePieces(S3Client s3) {
        this.s3 = s3;
    }

    /** @throws IOException when it cannot be fetched, or is not what its name says */
    byte[] read(String bucket, LivePiece piece) throws IOException {
        byte[] object = object(bucket, piece.key(), "");
        int end = piece.position() + piece.length();
        if (object.length < end) {
            throw new IOException(piece.key() + " is shorter than its name says");
        }
        return Arrays.copyOfRange(object, piece.position(), end);
    }

    /** @throws IOException when it cannot be fetched now */
    byte[] read(String bucket, LiveTail.Listed tail) throws IOException {
        return object(bucket, tail.key(), tail.tag());
    }

    private byte[] object(String bucket, String key, String version) throws IOException {
        String name = bucket + "/" + key + "#" + version;
        synchronized (known) {
            byte[] content = known.get(name);
            if (content != null) {
                return content;
            }
        }
        byte[] content = fetch(bucket, key);
        synchronized (known) {
            if (known.put(name, content) == null) {
                kept += content.length;
            }
            var eldest = known.entrySet().iterator();
            while (kept > KEPT) {
                kept -= eldest.next().getValue().length;
                eldest.remove();
            }
        }
        return content;
    }

    private byte[] fetch(String bucket, String key) throws IOException {
        try (InputStream in = s3.getObject(request -> request.bucket(bucket).key(key))) {
            return in.readNBytes(LivePiece.LARGEST_OBJECT);
        } catch (SdkException e) {
            throw new LogRefused("S3 does not give " + key + ".", e);
        }
    }
}
