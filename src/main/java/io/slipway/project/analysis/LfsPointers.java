package io.slipway.project.analysis;

import io.slipway.project.Finding;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files that Git LFS keeps elsewhere: a download from GitHub, or a clone without LFS, holds a few lines in their place. */
public final class LfsPointers {

    /** As the specification of the pointer file begins it, for both addresses that the project had. */
    private static final List<byte[]> BEGINNINGS = List.of(
            "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII),
            "version https://hawser.github.com/spec/".getBytes(StandardCharsets.US_ASCII));

    /** With the checksum of the real file no pointer is shorter, and none may be longer. */
    private static final int SHORTEST = 100;

    private static final int LONGEST = 1023;
    private static final int MOST_LOOKED_AT = 20_000;

    private LfsPointers() {}

    public static List<Finding> of(ProjectArchive project) throws IOException {
        List<String> pointers = new ArrayList<>();
        int left = MOST_LOOKED_AT;
        try (ProjectArchive.Reader reader = project.new Reader()) {
            for (ProjectFile file : project.files()) {
                if (file.size() >= SHORTEST && file.size() <= LONGEST && left-- > 0 && isPointer(reader, file.path())) {
                    pointers.add(file.path());
                }
            }
        }
        return FilesAlike.findings(pointers, "are", LfsPointers::pointer);
    }

    private static boolean isPointer(ProjectArchive.Reader reader, String path) throws IOException {
        try (InputStream content = reader.open(path)) {
            byte[] start = content == null ? new byte[0] : content.readNBytes(64);
            return BEGINNINGS.stream().anyMatch(beginning -> startsWith(start, beginning));
        }
    }

    private static boolean startsWith(byte[] content, byte[] beginning) {
        return content.length >= beginning.length
                && Arrays.equals(content, 0, beginning.length, beginning, 0, beginning.length);
    }

    private static Finding pointer(String path, String more) {
        return Finding.warning(
                "git-lfs-pointer",
                path,
                "It is a Git LFS pointer, a few lines in place of the file itself." + more,
                "Run git lfs pull and pack the project again: downloads from GitHub hold pointers alone.");
    }
}
