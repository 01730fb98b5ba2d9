package io.slipway.compute.local;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.project.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The least store that works: a folder, without the real one's promises about power loss. */
record FolderOfArtifacts(Path root) implements ArtifactStore {

    @Override
    public void put(ArtifactName name, Path file) throws IOException {
        put(name, Files.readAllBytes(file));
    }

    @Override
    public void put(ArtifactName name, byte[] content) throws IOException {
        Files.createDirectories(root.resolve(name.path()).getParent());
        Files.write(root.resolve(name.path()), content);
    }

    @Override
    public boolean exists(ArtifactName name) {
        return Files.exists(root.resolve(name.path()));
    }

    @Override
    public InputStream open(ArtifactName name) throws IOException {
        return Files.newInputStream(root.resolve(name.path()));
    }

    @Override
    public void delete(ArtifactName name) throws IOException {
        Files.deleteIfExists(root.resolve(name.path()));
    }

    @Override
    public void deletePieces(ArtifactId projectId) {
        throw new UnsupportedOperationException("local runs have no pieces");
    }

    @Override
    public URI uri(ArtifactName name) {
        return root.resolve(name.path()).toUri();
    }
}
