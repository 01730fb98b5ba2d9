package io.slipway.environments.emr;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects that a node has written about one build. Whoever may write there could have written them, so what is read is bounded. */
record BuildObjects(S3Client s3, String bucket, String prefix) {

    private static final int LARGEST_RESULT = 4 << 20;

    /** A build that says no more than its program lets it has far fewer. */
    private static final int MOST_OBJECTS = 5_000;

    private static final Pattern PIECE = Pattern.compile("log-(\\d{10})-(\\d{1,7})");

    /** @param folder ends with a slash */
    static BuildObjects of(S3Client s3, URI folder) {
        return new BuildObjects(s3, folder.getHost(), folder.getPath().substring(1));
    }

    /** Empty as long as the build has not come to an end of its own. */
    Optional<byte[]> result() throws IOException {
        try (InputStream in = s3.getObject(request -> request.bucket(bucket).key(prefix + "result.json"))) {
            byte[] bytes = in.readNBytes(LARGEST_RESULT + 1);
            if (bytes.length > LARGEST_RESULT) {
                throw new IOException("the result of the build in " + prefix + " is too long");
            }
            return Optional.of(bytes);
        } catch (NoSuchKeyException notYet) {
            return Optional.empty();
        } catch (SdkException e) {
            throw failed(e);
        }
    }

    InputStream packed() throws IOException {
        return asked(() -> s3.getObject(request -> request.bucket(bucket).key(prefix + "environment.tar.gz")));
    }

    private record Piece(String key, long from, long to) {
        static @Nullable Piece of(String key, String prefix) {
            Matcher name = PIECE.matcher(key.substring(prefix.length()));
            if (!name.matches()) {
                return null;
            }
            long from = Long.parseLong(name.group(1));
            return new Piece(key, from, from + Long.parseLong(name.group(2)));
        }
    }

    /** The log from an offset on, at most about as much as asked for; a piece that was written twice is read once. */
    InputStream log(long offset, int most) throws IOException {
        List<Piece> pieces = new ArrayList<>();
        for (String key : keys("log-")) {
            Piece piece = Piece.of(key, prefix);
            if (piece != null && piece.to() > offset) {
                pieces.add(piece);
            }
        }
        pieces.sort(Comparator.comparingLong(Piece::from)
                .thenComparing(Comparator.comparingLong(Piece::to).reversed()));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        long position = offset;
        for (Piece piece : pieces) {
            if (piece.from() <= position && piece.to() > position && read.size() < most) {
                byte[] bytes = bytes(piece);
                int skipped = (int) (position - piece.from());
                if (bytes.length <= skipped) {
                    break;
                }
                read.write(bytes, skipped, bytes.length - skipped);
                position += bytes.length - skipped;
            }
        }
        return new ByteArrayInputStream(read.toByteArray());
    }

    private byte[] bytes(Piece piece) throws IOException {
        try (InputStream in =
                asked(() -> s3.getObject(request -> request.bucket(bucket).key(piece.key())))) {
            return in.readNBytes((int) (piece.to() - piece.from()));
        }
    }

    void removePacked() throws IOException {
        remove(prefix + "environment.tar.gz");
    }

    void remove() throws IOException {
        for (String key : keys("")) {
            remove(key);
        }
    }

    private void remove(String key) throws IOException {
        asked(() -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
    }

    private List<String> keys(String beginning) throws IOException {
        List<String> keys = new ArrayList<>();
        String more = null;
        do {
            String from = more;
            ListObjectsV2Response page = asked(() -> s3.listObjectsV2(
                    request -> request.bucket(bucket).prefix(prefix + beginning).continuationToken(from)));
            page.contents().stream().map(S3Object::key).forEach(keys::add);
            more = page.nextContinuationToken();
        } while (more != null && keys.size() < MOST_OBJECTS);
        return keys;
    }

    private <T> T asked(Supplier<T> call) throws IOException {
        try {
            return call.get();
        } catch (SdkException e) {
            throw failed(e);
        }
    }

    private IOException failed(SdkException e) {
        return new IOException("S3 did not answer about " + bucket + "/" + prefix + ": " + e.getMessage(), e);
    }
}
