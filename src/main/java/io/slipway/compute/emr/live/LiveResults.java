package io.slipway.compute.emr.live;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.ResultsList;
import io.slipway.compute.RunResults;
import io.slipway.compute.emr.launch.LiveLocations;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** The files that drivers put beside what they show, when their programs have ended. */
public final class LiveResults {

    private final S3Client s3;

    LiveResults(S3Client s3) {
        this.s3 = s3;
    }

    /** @throws ComputeUnavailable when S3 does not answer */
    public Optional<RunResults> of(LiveLocations locations) {
        URI folder = locations.results();
        try (InputStream in = get(folder, ResultsList.NAME)) {
            return ResultsList.read(in.readNBytes(ResultsList.LARGEST + 1));
        } catch (NoSuchKeyException notYet) {
            return Optional.empty();
        } catch (SdkException | IOException e) {
            throw new ComputeUnavailable("The results in " + folder + " cannot be read.", e);
        }
    }

    /** @throws FileNotFoundException when it is not there */
    public InputStream open(LiveLocations locations, String path) throws IOException {
        if (!RunResults.isPlain(path)) {
            throw new FileNotFoundException(path);
        }
        try {
            return get(locations.results(), "files/" + path);
        } catch (NoSuchKeyException gone) {
            throw new FileNotFoundException(path);
        } catch (SdkException e) {
            throw new IOException("S3 does not give " + path, e);
        }
    }

    private InputStream get(URI folder, String name) {
        return s3.getObject(request -> request.bucket(folder.getHost()).key(LiveFolders.key(folder) + "/" + name));
    }
}
