package io.slipway.artifacts;

import io.slipway.project.ArtifactId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** A bucket that is held in memory and can be made to fail. */
public final class MemoryArtifacts implements ArtifactStore {

    /** The id of a project that nobody looks into. */
    public static final ArtifactId PROJECT = new ArtifactId("ab".repeat(32));

    public final Map<ArtifactName, byte[]> content = new ConcurrentHashMap<>();
    public volatile Predicate<String> broken = path -> false;
    public volatile Runnable onPut = () -> {};

    @Override
    public void put(ArtifactName name, Path file) throws IOException {
        put(name, Files.readAllBytes(file));
    }

    @Override
    public void put(ArtifactName name, byte[] bytes) throws IOException {
        if (broken.test(name.path())) {
            throw new IOException("the bucket is away");
        }
        onPut.run();
        content.put(name, bytes.clone());
    }

    @Override
    public boolean exists(ArtifactName name) {
        return content.containsKey(name);
    }

    @Override
    public InputStream open(ArtifactName name) throws IOException {
        byte[] bytes = content.get(name);
        if (bytes == null) {
            throw new NoSuchFileException(name.path());
        }
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public void delete(ArtifactName name) {
        content.remove(name);
    }

    @Override
    public void deletePieces(ArtifactId projectId) {
        content.keySet().removeIf(name -> name.path().startsWith(ArtifactName.pieces(projectId)));
    }

    @Override
    public URI uri(ArtifactName name) {
        return URI.create("s3://my-bucket/slipway/" + name.path());
    }
}
