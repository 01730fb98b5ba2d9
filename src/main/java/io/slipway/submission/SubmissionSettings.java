package io.slipway.submission;

import io.slipway.project.archive.ArchiveLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What may be sent.
 *
 * @param maxUpload longest request body, all parts together
 * @param maxConcurrentUploads how many uploads may be under way at once in this replica
 * @param maxConcurrentUploadsOfOwner how many of them may be one owner's; 0 for three quarters
 * @param maxConcurrentPlans how many of them may be for plans, each of which starts an interpreter that reads the sources
 * @param minFreeDisk no upload starts when less than this, beside its own size twice over, is free under {@code slipway.home}; what is
 *     being read or written ends when less than half of it is free
 * @param maxStagedFiles files of one project together that are staged one by one, since {@code jars}, {@code files}, {@code pyFiles},
 *     {@code archives} or the layout ask for them
 * @param archive what a project may unpack to
 * @param sources how projects are fetched from elsewhere
 * @param heartbeat how often an upload gives a sign of life while it is stored; well below {@code slipway.reconcile.upload-lapse}
 */
@ConfigurationProperties("slipway.submission")
public record SubmissionSettings(
        @DefaultValue("4GB") DataSize maxUpload,
        @DefaultValue("16") int maxConcurrentUploads,
        @DefaultValue("0") int maxConcurrentUploadsOfOwner,
        @DefaultValue("4") int maxConcurrentPlans,
        @DefaultValue("1GB") DataSize minFreeDisk,
        @DefaultValue("1GB") DataSize maxStagedFiles,
        @DefaultValue Archive archive,
        @DefaultValue Sources sources,
        @DefaultValue("5s") Duration heartbeat) {

    /**
     * @param maxUnpacked all files of a project together, unpacked
     * @param maxEntries files and folders, those that only lie on the way to a file included (beyond a tenth of it)
     * @param maxRatio how many times larger than packed a project may be, beyond its first GB
     * @param longestWait how long a project may wait for its part of the memory while others are looked at
     */
    public record Archive(
            @DefaultValue("10GB") DataSize maxUnpacked,
            @DefaultValue("100000") int maxEntries,
            @DefaultValue("200") int maxRatio,
            @DefaultValue("30s") Duration longestWait) {

        private ArchiveLimits limits(long mustStayFree) {
            return new ArchiveLimits(
                    maxUnpacked.toBytes(), maxEntries, maxRatio, ArchiveLimits.DEFAULT_RATIO_FREE_BYTES, mustStayFree);
        }
    }

    ArchiveLimits archiveLimits() {
        return archive.limits(mustStayFree());
    }

    /** Bytes of the disk. What was begun with enough may take half of it, so that it fails not by what is small. */
    public long mustStayFree() {
        return minFreeDisk.toBytes() / 2;
    }

    /**
     * @param patience how long a request waits for a fetch before its job is answered in RECEIVING and fetched on
     * @param giveUp how long after that its host may fail before the job fails
     * @param atOnce how many are fetched at once in this replica; others wait for their turn
     */
    public record Sources(
            @DefaultValue("3s") Duration patience,
            @DefaultValue("15m") Duration giveUp,
            @DefaultValue("8") int atOnce) {}

    public SubmissionSettings {
        if (maxUpload.toBytes() <= 0 || maxConcurrentUploads <= 0 || maxConcurrentPlans <= 0) {
            throw new IllegalArgumentException("slipway.submission.max-upload, max-concurrent-uploads and"
                    + " max-concurrent-plans must be greater than zero");
        }
        if (maxConcurrentUploadsOfOwner <= 0) {
            maxConcurrentUploadsOfOwner = Math.max(1, maxConcurrentUploads * 3 / 4);
        }
    }
}
