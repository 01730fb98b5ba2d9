package io.slipway.compute.emr.client;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What AWS's release guide says of a release, for 5.19 to 7.14 and emr-spark-8.0.0; what follows is not guessed.
 *
 * @param spark its version
 * @param pythons that it has or can get from its Linux's own packages, what {@code python3} means first
 */
public record ReleaseFacts(String spark, List<String> pythons, Linux linux) {

    /** The system of the nodes. */
    public enum Linux {
        AL1("2.17"),
        AL2("2.26"),
        AL2023("2.34");

        private final String glibc;

        Linux(String glibc) {
            this.glibc = glibc;
        }

        /** The version of its C library, as {@code 2.26}. */
        public String glibc() {
            return glibc;
        }
    }

    /** Up to a release, given by major and minor. */
    private record Line(int major, int lastMinor, ReleaseFacts facts) {
        boolean covers(Release release) {
            return release.major() == major && release.minor() <= lastMinor;
        }
    }

    private static final List<String> PYTHONS_OF_AL2 = List.of("3.7", "3.8");
    private static final List<String> PYTHONS_OF_AL2023 = List.of("3.9", "3.11", "3.12", "3.13");

    private static final List<Line> LINES = List.of(
            line(5, 19, "2.3.2", List.of("3.4"), Linux.AL1),
            line(5, 29, "2.4.4", List.of("3.6"), Linux.AL1),
            line(5, 36, "2.4.8", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 0, "2.4.4", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 1, "3.0.0", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 2, "3.0.1", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 3, "3.1.1", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 5, "3.1.2", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 6, "3.2.0", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 7, "3.2.1", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 9, "3.3.0", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 10, "3.3.1", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 11, "3.3.2", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 12, "3.4.0", PYTHONS_OF_AL2, Linux.AL2),
            line(6, 15, "3.4.1", PYTHONS_OF_AL2, Linux.AL2),
            line(7, 1, "3.5.0", PYTHONS_OF_AL2023, Linux.AL2023),
            line(7, 3, "3.5.1", PYTHONS_OF_AL2023, Linux.AL2023),
            line(7, 5, "3.5.2", PYTHONS_OF_AL2023, Linux.AL2023),
            line(7, 7, "3.5.3", PYTHONS_OF_AL2023, Linux.AL2023),
            line(7, 8, "3.5.4", PYTHONS_OF_AL2023, Linux.AL2023),
            line(7, 10, "3.5.5", PYTHONS_OF_AL2023, Linux.AL2023),
            line(7, 13, "3.5.6", PYTHONS_OF_AL2023, Linux.AL2023),
            line(7, 14, "3.5.8", PYTHONS_OF_AL2023, Linux.AL2023),
            line(8, 0, "4.0.2", List.of("3.11", "3.12", "3.13"), Linux.AL2023));

    private static Line line(int major, int lastMinor, String spark, List<String> pythons, Linux linux) {
        return new Line(major, lastMinor, new ReleaseFacts(spark, pythons, linux));
    }

    public ReleaseFacts {
        pythons = List.copyOf(pythons);
    }

    /** Empty for a release that is older than 5.19, or newer than what is known. */
    public static Optional<ReleaseFacts> of(Release release) {
        return release.isBefore(5, 19)
                ? Optional.empty()
                : lines().filter(line -> line.covers(release)).findFirst().map(Line::facts);
    }

    private static Stream<Line> lines() {
        return LINES.stream();
    }

    /** What {@code python3} means there. */
    public String python() {
        return pythons.get(0);
    }

    /** Under which name its Spark knows whether Arrow carries what goes to and from pandas. */
    public String arrowSetting() {
        return spark.startsWith("2.")
                ? "spark.sql.execution.arrow.enabled"
                : "spark.sql.execution.arrow.pyspark.enabled";
    }
}
