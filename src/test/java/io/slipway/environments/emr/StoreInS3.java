package io.slipway.environments.emr;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.aws.SimulatedS3;
import io.slipway.project.ArtifactId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A store that a node can read: its bytes lie in the stand-in for S3. */
record StoreInS3(SimulatedS3 s3, String bucket) implements ArtifactStore {

    private static final String PREFIX = "slipway/";

    @Override
    public void put(ArtifactName name, Path file) throws IOException {
        put(name, Files.readAllBytes(file));
    }

    @Override
    public void put(ArtifactName name, byte[] content) {
        s3.put(bucket, PREFIX + name.path(), content);
    }

    @Override
    public boolean exists(ArtifactName name) {
        return s3.keys(bucket).contains(PREFIX + name.path());
    }

    @Override
    public InputStream open(ArtifactName name) throws IOException {
        if (!exists(name)) {
            throw new NoSuchFileException(name.path());
        }
        return new ByteArrayInputStream(s3.content(bucket, PREFIX + name.path()));
    }

    @Override
    public void delete(ArtifactName name) {
        s3.forget(bucket, PREFIX + name.path());
    }

    @Override
    public void deletePieces(ArtifactId projectId) {
        throw new UnsupportedOperationException("environments have no pieces");
    }

    @Override
    public URI uri(ArtifactName name) {
        return URI.create("s3://" + bucket + "/" + PREFIX + name.path());
    }
}
