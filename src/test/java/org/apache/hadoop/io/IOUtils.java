package org.apache.hadoop.io;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FileSystem;

/** Of Hadoop, as far as the live channel meets it. */
public final class IOUtils {

    private IOUtils() {}

    public static void copyBytes(InputStream in, FileSystem.Out out, long count, boolean close) throws IOException {
        out.write(in.readNBytes((int) count));
    }

    /** All of it, where the other one copies a part: who passes a number of the wrong type calls this one. */
    public static void copyBytes(InputStream in, FileSystem.Out out, int buffer, boolean close) throws IOException {
        out.write(in.readAllBytes());
    }
}
