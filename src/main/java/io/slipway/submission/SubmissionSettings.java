package io.slipway.submission;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What may be sent.
 *
 * @param maxUpload longest request body, all parts together
 * @param maxConcurrentUploads how many uploads may be under way at once in this replica
 * @param minFreeDisk no upload starts when less than this, beside its own size twice over, is free under {@code slipway.home}
 * @param heartbeat how often an upload gives a sign of life while it is stored; well below {@code slipway.reconcile.upload-lapse}
 */
@ConfigurationProperties("slipway.submission")
public record SubmissionSettings(
        @DefaultValue("4GB") DataSize maxUpload,
        @DefaultValue("16") int maxConcurrentUploads,
        @DefaultValue("1GB") DataSize minFreeDisk,
        @DefaultValue("5s") Duration heartbeat) {

    public SubmissionSettings {
        if (maxUpload.toBytes() <= 0 || maxConcurrentUploads <= 0) {
            throw new IllegalArgumentException(
                    "slipway.submission.max-upload and max-concurrent-uploads must be greater than zero");
        }
    }
}
