package io.slipway.compute.emr.live;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.ReportedEnd;
import io.slipway.compute.emr.launch.LiveLocations;
import io.slipway.jobs.ProgramEnd;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a driver tells at its program's end, in {@code ended.json}. */
public final class LiveStory {

    private static final Logger log = LoggerFactory.getLogger(LiveStory.class);

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** A clock that is further away tells nothing. */
    private static final Duration CLOCKS_APART = Duration.ofDays(1);

    private final DriverWords words;
    private final Clock clock;

    LiveStory(DriverWords words, Clock clock) {
        this.words = words;
        this.clock = clock;
    }

    /** As the driver's side writes it; more than that is left unread. */
    private record Ended(
            @Nullable Integer exitCode,
            @Nullable Instant endedAt,
            @Nullable String type,
            @Nullable String message,
            @Nullable String traceback) {

        ReportedEnd reported(Instant now) {
            Instant at = endedAt;
            boolean isPlausible = at != null && Duration.between(at, now).abs().compareTo(CLOCKS_APART) < 0;
            ReportedEnd.Failure failure = type == null
                    ? null
                    : new ReportedEnd.Failure(type, message == null ? "" : message, traceback == null ? "" : traceback);
            return new ReportedEnd(new ProgramEnd(exitCode, isPlausible && at != null ? at : now), failure);
        }
    }

    /** @throws ComputeUnavailable when S3 does not answer */
    public Optional<ReportedEnd> end(LiveLocations locations) {
        URI folder = locations.folder();
        try {
            return words.read(folder, "ended.json", null).flatMap(this::reported);
        } catch (SdkException | IOException e) {
            throw new ComputeUnavailable("The driver's report in " + folder + " cannot be read.", e);
        }
    }

    private Optional<ReportedEnd> reported(DriverWords.Word word) {
        try {
            return Optional.ofNullable(JSON.readValue(word.content(), Ended.class))
                    .map(end -> end.reported(clock.instant()));
        } catch (JacksonException unusable) {
            log.debug("{} is no driver's word: {}", word.key(), unusable.getMessage());
            return Optional.empty();
        }
    }
}
