package io.slipway.compute;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Programs of ours for Python that have several files, as one archive: Python starts one with a {@code __main__.py} as it starts a file.
 * The same files make the same bytes.
 */
public final class PythonArchive {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    /** What more than one kind of cluster speaks to Spark's JVM with. */
    public PythonArchive withSpark() {
        List.of("gateway.py", "spark.py").forEach(name -> with(name, resource(PythonArchive.class, "live/" + name)));
        return this;
    }

    public PythonArchive with(String name, byte[] content) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        try {
            zip.putNextEntry(entry);
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public byte[] content() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @param path below the package of the class, or from the root */
    public static byte[] resource(Class<?> near, String path) {
        try (InputStream resource = near.getResourceAsStream(path)) {
            if (resource == null) {
                throw new IllegalStateException(path + " is missing from the jar");
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
