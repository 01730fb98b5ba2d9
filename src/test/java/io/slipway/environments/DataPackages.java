package io.slipway.environments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * NumPy and pandas for projects that tests run: Debian's packages where the first python3 on the PATH can import them (it must be of
 * Debian's version), else stand-ins of a few functions. PyArrow is in no package of Debian and always a stand-in.
 */
public final class DataPackages {

    private static final Path DEBIAN = Path.of("/usr/lib/python3/dist-packages");
    private static final Path STAND_INS =
            Path.of("src/test/resources/stub-packages").toAbsolutePath();
    private static final String TAG = asked(
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

    /** With all that they require. */
    public static Wheel[] wheels() throws IOException {
        Wheel pyarrow = of(STAND_INS, "pyarrow", "1.0", "pyarrow");
        if (!REAL) {
            return new Wheel[] {
                of(STAND_INS, "numpy", "1.0", "numpy"),
                of(STAND_INS, "pandas", "1.0", "pandas").requires("numpy"),
                pyarrow
            };
        }
        return new Wheel[] {
            debian("numpy", "numpy").tag(TAG),
            debian("pandas", "pandas")
                    .requires("numpy")
                    .requires("python-dateutil")
                    .requires("pytz")
                    .tag(TAG),
            debian("python_dateutil", "dateutil").requires("six"),
            debian("pytz", "pytz"),
            debian("six", "six.py"),
            pyarrow
        };
    }

    private static Wheel debian(String name, String top) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(DEBIAN, name + "-*.{egg,dist}-info")) {
            String info = found.iterator().next().getFileName().toString();
            return of(DEBIAN, name, info.replaceAll("^" + name + "-|\\.(egg|dist)-info$", ""), top);
        }
    }

    /** Without the packages' own tests, which are half of them. */
    private static Wheel of(Path folder, String name, String version, String top) throws IOException {
        Wheel wheel = Wheel.empty(name, version);
        try (Stream<Path> files = Files.walk(folder.resolve(top))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String path = folder.relativize(file).toString();
                if (!path.matches("(.*/)?(tests|__pycache__)/.*")) {
                    wheel.file(path, Files.readAllBytes(file));
                }
            }
        }
        return wheel;
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
