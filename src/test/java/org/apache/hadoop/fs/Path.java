package org.apache.hadoop.fs;

import java.io.IOException;

/** Of Hadoop, as far as the live channel meets it: a file of this machine; one of {@code s3:} lies below the folder of {@code fake.home}. */
public final class Path {

    private final java.nio.file.Path file;

    public Path(String uri) {
        this.file = uri.startsWith("s3://")
                ? java.nio.file.Path.of(System.getProperty("fake.home"), "s3", uri.substring("s3://".length()))
                : java.nio.file.Path.of(uri.substring("fake:".length()));
    }

    public FileSystem getFileSystem(Object conf) throws IOException {
        FileSystem.fail("file-system");
        return new FileSystem();
    }

    java.nio.file.Path file() {
        return file;
    }
}
