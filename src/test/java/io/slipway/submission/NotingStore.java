package io.slipway.submission;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.project.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Notes what is put, and holds no bytes. */
final class NotingStore implements ArtifactStore {

    private final List<ArtifactName> names = new ArrayList<>();
    private int puts;
    private boolean failsNext;

    List<ArtifactName> names() {
        return names;
    }

    int puts() {
        return puts;
    }

    void failNext() {
        failsNext = true;
    }

    @Override
    public void put(ArtifactName name, Path file) throws IOException {
        put(name);
    }

    @Override
    public void put(ArtifactName name, byte[] content) throws IOException {
        put(name);
    }

    private void put(ArtifactName name) throws IOException {
        if (failsNext) {
            failsNext = false;
            throw new IOException("the store is away");
        }
        puts++;
        names.add(name);
    }

    @Override
    public boolean exists(ArtifactName name) {
        return names.contains(name);
    }

    @Override
    public InputStream open(ArtifactName name) {
        return InputStream.nullInputStream();
    }

    @Override
    public void delete(ArtifactName name) {
        names.remove(name);
    }

    @Override
    public void deletePieces(ArtifactId projectId) {
        names.removeIf(name -> name.path().startsWith(ArtifactName.pieces(projectId)));
    }

    @Override
    public URI uri(ArtifactName name) {
        return URI.create("s3://my-bucket/" + name.path());
    }
}
