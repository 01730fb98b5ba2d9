package io.slipway.compute.emr.live;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.ToldEnd;
import io.slipway.compute.emr.launch.LivePlaces;
import io.slipway.jobs.ProgramEnd;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a driver tells at its program's end, in {@code ended.json} of the application's last attempt. */
public final class LiveStory {

    private static final Logger log = LoggerFactory.getLogger(LiveStory.class);

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final Pattern ATTEMPT = Pattern.compile("\\d{2}/");
    private static final int LARGEST = 64 << 10;

    /** A clock that is further away tells nothing. */
    private static final Duration CLOCKS_APART = Duration.ofDays(1);

    private final S3Client s3;
    private final Clock clock;

    public LiveStory(S3Client s3, Clock clock) {
        this.s3 = s3;
        this.clock = clock;
    }

    /** As the driver's side writes it; more than that is left unread. */
    private record Ended(
            @Nullable Integer exitCode,
            @Nullable Instant endedAt,
            @Nullable String type,
            @Nullable String message,
            @Nullable String traceback) {

        ToldEnd told(Instant now) {
            boolean isPlausible = endedAt != null
                    && Duration.between(endedAt, now).abs().compareTo(CLOCKS_APART) < 0;
            ToldEnd.Failure failure = type == null
                    ? null
                    : new ToldEnd.Failure(type, message == null ? "" : message, traceback == null ? "" : traceback);
            return new ToldEnd(new ProgramEnd(exitCode, isPlausible && endedAt != null ? endedAt : now), failure);
        }
    }

    /** @throws ComputeUnavailable when S3 does not answer */
    public Optional<ToldEnd> end(LivePlaces places) {
        URI folder = places.folder();
        try {
            return lastAttempt(folder).flatMap(attempt -> read(folder, attempt + "ended.json"));
        } catch (SdkException e) {
            throw new ComputeUnavailable("What the driver tells in " + folder + " cannot be read.", e);
        }
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

    private Optional<ToldEnd> read(URI folder, String key) {
        try (InputStream in =
                s3.getObject(request -> request.bucket(folder.getHost()).key(key))) {
            byte[] content = in.readNBytes(LARGEST + 1);
            return content.length > LARGEST
                    ? Optional.empty()
                    : Optional.of(JSON.readValue(content, Ended.class).told(clock.instant()));
        } catch (NoSuchKeyException notYet) {
            return Optional.empty();
        } catch (JacksonException | IOException unusable) {
            log.debug("{} is no driver's word: {}", key, unusable.getMessage());
            return Optional.empty();
        }
    }
}
