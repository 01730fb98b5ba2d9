package org.apache.hadoop.fs;

import java.io.IOException;

/** Of Hadoop, as far as the live channel meets it: a file of this machine. */
public final class Path {

    private final java.nio.file.Path file;

    public Path(String uri) {
        this.file = java.nio.file.Path.of(uri.substring("fake:".length()));
    }

    public FileSystem getFileSystem(Object conf) throws IOException {
        FileSystem.fail("file-system");
        return new FileSystem();
    }

    java.nio.file.Path file() {
        return file;
    }
}
