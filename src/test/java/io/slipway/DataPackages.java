package io.slipway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * NumPy and pandas for projects that tests run: Debian's packages where the first python3 on the PATH can import them (it must be of
 * Debian's version), else stand-ins of a few functions. PyArrow is in no package of Debian and always a stand-in.
 */
public final class DataPackages {

    public static final Path DEBIAN = Path.of("/usr/lib/python3/dist-packages");
    public static final Path STAND_INS =
            Path.of("src/test/resources/stub-packages").toAbsolutePath();
    public static final String TAG = asked(
            "import sys, sysconfig; cp = 'cp%d%d' % sys.version_info[:2];"
                    + " print('-'.join([cp, cp, sysconfig.get_platform().replace('-', '_').replace('.', '_')]))",
            null);
    private static final boolean REAL =
            asked("import numpy, pandas; print('both')", DEBIAN).equals("both");

    private DataPackages() {}

    public static boolean areReal() {
        return REAL;
    }

    /** For PYTHONPATH. */
    public static Path folder() {
        return REAL ? DEBIAN : STAND_INS;
    }

    private static String asked(String question, Path path) {
        try {
            ProcessBuilder python = new ProcessBuilder(List.of("python3", "-c", question))
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            if (path != null) {
                python.environment().put("PYTHONPATH", path.toString());
            }
            return new String(python.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
