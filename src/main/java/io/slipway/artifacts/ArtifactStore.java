package io.slipway.artifacts;

import io.slipway.project.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;

/**
 * Where bytes live. Every method may be repeated and may be called by several replicas at once for the same name; whoever comes
 * second finds the work done.
 */
public interface ArtifactStore {

    /**
     * Stores the file's bytes under the name. When this returns they survive {@code kill -9} and power loss; when it throws, the
     * name holds either nothing or the whole of them, never a part.
     *
     * @param file nobody changes what is in it afterwards: a store on the same disk keeps the file itself, under another name, instead of
     *     a copy. The caller may remove it
     * @throws IOException when the store cannot be reached or is full; the call may be repeated
     */
    void put(ArtifactName name, Path file) throws IOException;

    /** As {@link #put(ArtifactName, Path)}, for content that is small enough to be held in memory (a few MiB). */
    void put(ArtifactName name, byte[] content) throws IOException;

    boolean exists(ArtifactName name) throws IOException;

    /**
     * Opens the stored bytes for one pass; the caller closes the stream.
     *
     * @throws java.nio.file.NoSuchFileException when nothing is stored under the name
     */
    InputStream open(ArtifactName name) throws IOException;

    /** Removes the bytes; does nothing when there are none. */
    void delete(ArtifactName name) throws IOException;

    /** Removes every {@link ArtifactName#piece} of the project; does nothing when there are none. */
    void deletePieces(ArtifactId projectId) throws IOException;

    /** Where a cluster finds the bytes: {@code s3://bucket/key}, or a {@code file:} URI that only this machine understands. */
    URI uri(ArtifactName name);
}
