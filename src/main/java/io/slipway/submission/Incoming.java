package io.slipway.submission;

import io.slipway.artifacts.Home;
import io.slipway.artifacts.OwnerOnly;
import io.slipway.project.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Uploads on their way in. What a dead service left here belongs to nobody and is swept at the next start. */
@Component
public class Incoming {

    private static final Logger log = LoggerFactory.getLogger(Incoming.class);

    private final Path folder;

    Incoming(Home home) throws IOException {
        this.folder = home.incoming();
        if (Files.exists(folder)) {
            log.debug("Sweeping {}", folder);
            FileSystemUtils.deleteRecursively(folder);
        }
        OwnerOnly.createFolders(folder);
    }

    /** An absolute path; the folder exists. */
    public Path folder() {
        return folder;
    }

    /** A folder for one request; the caller closes it, which removes it. */
    public WorkFolder newWork() {
        return WorkFolder.in(folder);
    }

    /** Bytes that can still be written here. */
    public long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }
}
