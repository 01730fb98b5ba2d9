package io.slipway.environments.emr;

import io.slipway.artifacts.ArtifactName;
import io.slipway.environments.BuilderCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The program of a build's step, as it is in this version of the service: an archive that Python starts as it starts a file. */
record NodeArchive(
        ArtifactName name,
        String version,
        @SuppressWarnings("ArrayRecordComponent") byte[] content) {

    static NodeArchive load() {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            add(zip, "__main__.py", BuilderCode.read("emr/node.py"));
            add(zip, BuilderCode.ENVIRONMENT, BuilderCode.read(BuilderCode.ENVIRONMENT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] content = archive.toByteArray();
        return new NodeArchive(
                ArtifactName.program("slipway_environment", BuilderCode.sha256(content), "zip"),
                BuilderCode.version(content),
                content);
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0)); // for one name of one content
        zip.putNextEntry(entry);
        zip.write(content);
    }
}
