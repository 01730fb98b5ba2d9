package io.slipway.compute;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.project.ArtifactId;
import io.slipway.project.ProjectFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The paths of a project's files, which lie beside its pieces: who names the pieces of a run needs no more of the project than this, and
 * fetches no more.
 */
public final class ProjectListing {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ProjectListing() {}

    public static ArtifactName name(ArtifactId projectId) {
        return ArtifactName.piece(projectId, "files.json");
    }

    /** @param project sorted by path */
    public static byte[] of(Collection<ProjectFile> project) {
        return JSON.writeValueAsBytes(project.stream().map(ProjectFile::path).toList());
    }

    /**
     * Sorted by path; of the files nothing but their paths is known.
     *
     * @throws java.nio.file.NoSuchFileException when the project has no pieces
     */
    public static List<ProjectFile> read(ArtifactStore store, ArtifactId projectId) throws IOException {
        try (InputStream listing = store.open(name(projectId))) {
            return Stream.of(JSON.readValue(listing, String[].class))
                    .map(path -> new ProjectFile(path, 0, "", false))
                    .toList();
        } catch (JacksonException broken) {
            throw new IOException("the list of the project's files cannot be read", broken);
        }
    }
}
