package org.apache.hadoop.fs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/**
 * Of Hadoop, as far as the live channel meets it: an object is there when its stream is closed, all of it. What a test has written to the
 * file {@code fault} in the folder of the system property {@code fake.home} goes wrong: {@code <where> <how often> <what>}.
 */
public final class FileSystem {

    public Out create(Path path, boolean overwrite) throws IOException {
        fail("create");
        if (path.file().toString().contains("/results/files/")) {
            fail("create-of-files");
        }
        return new Out(path);
    }

    public boolean exists(Path path) {
        return Files.exists(path.file());
    }

    public Status getFileStatus(Path path) throws IOException {
        return new Status(Files.getLastModifiedTime(path.file()).toMillis());
    }

    /** @param at when it was written */
    public record Status(long at) {
        public long getModificationTime() {
            return at;
        }
    }

    public static final class Out {

        private final Path path;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        Out(Path path) {
            this.path = path;
        }

        public void write(byte[] some) throws IOException {
            content.write(some);
        }

        public long getPos() {
            return content.size();
        }

        public void close() throws IOException {
            fail("close");
            java.nio.file.Path file = path.file();
            Files.createDirectories(file.getParent());
            java.nio.file.Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
            Files.write(unfinished, content.toByteArray());
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static void fail(String where) throws IOException {
        String fault = next(where);
        if (fault.startsWith("sleep ")) {
            sleep(Integer.parseInt(fault.substring("sleep ".length())));
        } else if (!fault.isEmpty()) {
            throw new IOException("on the way", new IOException(fault));
        }
    }

    private static synchronized String next(String where) throws IOException {
        java.nio.file.Path file = java.nio.file.Path.of(System.getProperty("fake.home"), "fault");
        if (!Files.exists(file)) {
            return "";
        }
        String[] fault = Files.readString(file).strip().split(" ", 3);
        int left = Integer.parseInt(fault[1]);
        if (!fault[0].equals(where) || left == 0) {
            return "";
        }
        Files.writeString(file, fault[0] + " " + (left - 1) + " " + fault[2]);
        return fault[2];
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
