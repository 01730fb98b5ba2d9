package io.slipway.web;

import io.slipway.jobs.Owner;
import io.slipway.project.HeldBytes;
import io.slipway.project.WorkFolder;
import io.slipway.submission.Incoming;
import io.slipway.submission.ProjectSource;
import io.slipway.submission.Submission;
import io.slipway.submission.SubmitJob;
import io.slipway.submission.Submitted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.stereotype.Component;

/** The example that travels in our own jar: standard library only, so it runs on any cluster. */
@Component
class ExampleProject {

    private static final String NAME = "word-report";
    private static final String FOLDER = "/examples/" + NAME + "/";

    private final ResourcePatternResolver resources;
    private final Incoming incoming;
    private final Submission submission;

    ExampleProject(ResourcePatternResolver resources, Incoming incoming, Submission submission) {
        this.resources = resources;
        this.incoming = incoming;
        this.submission = submission;
    }

    Submitted submit(String owner) throws IOException {
        try (WorkFolder work = incoming.newWork()) {
            return submission.submit(new SubmitJob(
                    new Owner(owner),
                    null,
                    new ProjectSource.Upload(HeldBytes.of(zip(), work), NAME + ".zip"),
                    List.of(),
                    null,
                    null,
                    Map.of()));
        }
    }

    private byte[] zip() throws IOException {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream entries = new ZipOutputStream(zip)) {
            for (Resource file : resources.getResources("classpath:" + FOLDER + "**/*")) {
                String address = file.getURL().toString();
                String name = address.substring(address.lastIndexOf(FOLDER) + FOLDER.length());
                if (file.isReadable() && !name.isEmpty() && !name.endsWith("/")) {
                    entries.putNextEntry(new ZipEntry(name));
                    try (InputStream in = file.getInputStream()) {
                        in.transferTo(entries);
                    }
                    entries.closeEntry();
                }
            }
        }
        return zip.toByteArray();
    }
}
