package io.slipway.compute.emr.live;

import java.time.Clock;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * All that is read of what drivers show of themselves.
 *
 * @param output what they print
 * @param story how their programs ended
 * @param progress how far they are
 * @param results what they left
 */
public record LiveChannel(LiveOutput output, LiveStory story, LiveProgress progress, LiveResults results)
        implements AutoCloseable {

    public static LiveChannel of(S3Client s3, Clock clock) {
        LiveFolders folders = new LiveFolders(s3, clock);
        DriverWords words = new DriverWords(s3);
        return new LiveChannel(
                new LiveOutput(folders, new LivePieces(s3)),
                new LiveStory(words, clock),
                new LiveProgress(words, folders, clock),
                new LiveResults(s3));
    }

    @Override
    public void close() {
        progress.close();
    }
}
