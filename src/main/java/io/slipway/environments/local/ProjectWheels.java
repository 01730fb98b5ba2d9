package io.slipway.environments.local;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.project.ArtifactId;
import io.slipway.project.archive.StoredZip;
import io.slipway.project.requirements.Requirements;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The wheels that a project brings, laid out as the requirements name them. */
final class ProjectWheels {

    private ProjectWheels() {}

    static void extract(ArtifactStore store, ArtifactId projectId, Requirements requirements, Path folder)
            throws IOException {
        if (requirements.wheels().isEmpty()) {
            return;
        }
        Path zip = Files.createTempFile(folder, "project-", ".zip");
        try {
            try (InputStream bytes = store.open(ArtifactName.project(projectId))) {
                Files.copy(bytes, zip, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            Set<String> missing = new HashSet<>(requirements.wheels().keySet());
            StoredZip.read(zip, entry -> {
                String sha256 = requirements.wheels().get(entry.name());
                if (sha256 != null && missing.remove(entry.name())) {
                    Path target = folder.resolve("wheels").resolve(sha256);
                    Files.createDirectories(target);
                    Path wheel =
                            target.resolve(entry.name().substring(entry.name().lastIndexOf('/') + 1));
                    Files.deleteIfExists(wheel);
                    entry.copyTo(wheel);
                }
            });
            if (!missing.isEmpty()) {
                throw new IOException("the project has no " + missing.iterator().next());
            }
        } finally {
            Files.deleteIfExists(zip);
        }
    }
}
