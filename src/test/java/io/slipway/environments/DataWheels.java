package io.slipway.environments;

import io.slipway.DataPackages;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** {@link DataPackages} as wheels. */
public final class DataWheels {

    private DataWheels() {}

    /** With all that they require. */
    public static Wheel[] all() throws IOException {
        Wheel pyarrow = of(DataPackages.STAND_INS, "pyarrow", "1.0", "pyarrow");
        if (!DataPackages.areReal()) {
            return new Wheel[] {
                of(DataPackages.STAND_INS, "numpy", "1.0", "numpy"),
                of(DataPackages.STAND_INS, "pandas", "1.0", "pandas").requires("numpy"),
                pyarrow
            };
        }
        return new Wheel[] {
            debian("numpy", "numpy").tag(DataPackages.TAG),
            debian("pandas", "pandas")
                    .requires("numpy")
                    .requires("python-dateutil")
                    .requires("pytz")
                    .tag(DataPackages.TAG),
            debian("python_dateutil", "dateutil").requires("six"),
            debian("pytz", "pytz"),
            debian("six", "six.py"),
            pyarrow
        };
    }

    private static Wheel debian(String name, String top) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(DataPackages.DEBIAN, name + "-*.{egg,dist}-info")) {
            String info = found.iterator().next().getFileName().toString();
            return of(DataPackages.DEBIAN, name, info.replaceAll("^" + name + "-|\\.(egg|dist)-info$", ""), top);
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
}
