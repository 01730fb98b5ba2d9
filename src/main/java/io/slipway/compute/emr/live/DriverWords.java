package io.slipway.compute.emr.live;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Small objects in the folder of a run, in which its driver tells of itself; of the application's last attempt. */
final class DriverWords {

    /** What the driver's side keeps to; more is none of ours. */
    private static final int LARGEST = 64 << 10;

    private static final Pattern ATTEMPT = Pattern.compile("\\d{2}/");
    private static final int NOT_MODIFIED = 304;

    private final S3Client s3;

    DriverWords(S3Client s3) {
        this.s3 = s3;
    }

    /** @param at when it was written, by the store's clock */
    record Word(
            String key,
            String tag,
            Instant at,
            @SuppressWarnings("ArrayRecordComponent") byte[] content) {}

    /**
     * @param known what was read before: empty when that has not changed
     * @throws software.amazon.awssdk.core.exception.SdkException when S3 does not answer
     */
    Optional<Word> read(URI folder, String name, @Nullable Word known) throws IOException {
        Optional<String> attempt = lastAttempt(folder);
        return attempt.isEmpty() ? Optional.empty() : get(folder, attempt.get() + name, known);
    }

    private Optional<Word> get(URI folder, String key, @Nullable Word known) throws IOException {
        String tag = known != null && known.key().equals(key) ? known.tag() : null;
        try (ResponseInputStream<GetObjectResponse> in = s3.getObject(
                request -> request.bucket(folder.getHost()).key(key).ifNoneMatch(tag))) {
            if (in.response().eTag().equals(tag)) {
                return Optional.empty(); // a store that does not know the condition
            }
            byte[] content = content(in);
            return content.length > LARGEST
                    ? Optional.empty()
                    : Optional.of(
                            new Word(key, in.response().eTag(), in.response().lastModified(), content));
        } catch (NoSuchKeyException notYet) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_MODIFIED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static byte[] content(InputStream in) throws IOException {
        return in.readNBytes(LARGEST + 1);
    }

    private Optional<String> lastAttempt(URI folder) {
        String prefix = LiveFolders.key(folder) + "/";
        return s3
                .listObjectsV2(request ->
                        request.bucket(folder.getHost()).prefix(prefix).delimiter("/"))
                .commonPrefixes()
                .stream()
                .map(CommonPrefix::prefix)
                .filter(key -> ATTEMPT.matcher(key.substring(prefix.length())).matches())
                .max(Comparator.naturalOrder());
    }
}
