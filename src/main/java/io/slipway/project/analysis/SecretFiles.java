package io.slipway.project.analysis;

import io.slipway.project.Finding;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Files that look like secrets, by their name or, private keys, by their content; certificates are none. The client {@code slipway} has the
 * same rules ({@code Secrets}) and does not send such files unasked; other clients send what there is.
 */
public final class SecretFiles {

    private static final Pattern NAME = Pattern.compile("\\.env(\\..+)?|credentials|.*\\.tfstate(\\.backup)?");
    private static final Pattern EXAMPLE = Pattern.compile("\\.env\\.(example|sample|template|dist|defaults)");
    private static final Pattern KEY =
            Pattern.compile("^(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----|PuTTY-User-Key-File-\\d)", Pattern.MULTILINE);

    /** A key of 16,384 bits has 13 KB. */
    private static final int LOOKED_AT = 64 * 1024;

    private static final int SHORTEST_KEY = 60;
    private static final long MOST_LOOKED_AT = 64L << 20;

    private SecretFiles() {}

    public static List<Finding> of(ProjectArchive project) throws IOException {
        List<String> secrets = new ArrayList<>();
        long left = MOST_LOOKED_AT;
        try (ProjectArchive.Reader reader = project.new Reader()) {
            for (ProjectFile file : project.files()) {
                String name = file.path().substring(file.path().lastIndexOf('/') + 1);
                if (NAME.matcher(name).matches()) {
                    if (!EXAMPLE.matcher(name).matches()) {
                        secrets.add(file.path());
                    }
                } else if (file.size() >= SHORTEST_KEY && left > 0) {
                    left -= Math.min(file.size(), LOOKED_AT);
                    if (holdsKey(reader, file.path())) {
                        secrets.add(file.path());
                    }
                }
            }
        }
        return FilesAlike.findings(secrets, "do", SecretFiles::secret);
    }

    private static boolean holdsKey(ProjectArchive.Reader reader, String path) throws IOException {
        try (InputStream content = reader.open(path)) {
            return content != null
                    && KEY.matcher(new String(content.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1))
                            .find();
        }
    }

    private static Finding secret(String path, String more) {
        return Finding.warning(
                "secret-file",
                path,
                "It looks like a secret, and everybody who may read the job's files would have it." + more,
                "Leave it out of the upload, and hand values over in the job's environment, which nobody can read back.");
    }
}
