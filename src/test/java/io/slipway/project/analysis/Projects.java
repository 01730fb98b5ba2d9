package io.slipway.project.analysis;

import io.slipway.project.ArtifactId;
import io.slipway.project.Launch;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.LaunchPlan;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Projects out of a few lines, and plans for them. */
final class Projects {

    private Projects() {}

    /** @param filesAndTexts one after the other */
    static Map<String, String> files(String... filesAndTexts) {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < filesAndTexts.length; i += 2) {
            files.put(filesAndTexts[i], filesAndTexts[i + 1]);
        }
        return files;
    }

    /** @param folder takes the upload and what is made of it */
    static ProjectArchive of(Path folder, Map<String, String> files) throws IOException {
        Path zip = Files.createTempFile(folder, "upload", ".zip");
        try (ZipOutputStream entries = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                entries.putNextEntry(new ZipEntry(file.getKey()));
                // Latin-1 keeps each byte that a test wants to have.
                entries.write(file.getValue().getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        Path work = Files.createTempDirectory(folder, "work");
        return ProjectArchive.read(zip, "upload.zip", List.of(), ArchiveLimits.DEFAULTS, work);
    }

    static LaunchPlan plan(String entryPoint, Map<String, String> sparkConf, String... pythonPath) {
        return new LaunchPlan(
                new ArtifactId("ab".repeat(32)),
                entryPoint,
                List.of(),
                sparkConf,
                Map.of(),
                new Launch(
                        Layout.UNCHANGED,
                        Mode.CLUSTER,
                        null,
                        new Python(List.of(pythonPath), null),
                        null,
                        FailOn.NEVER));
    }
}
