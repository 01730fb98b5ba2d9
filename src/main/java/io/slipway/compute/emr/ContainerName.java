package io.slipway.compute.emr;

import io.slipway.jobs.Application;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One container of a YARN application, as its log folder is called. The first of each attempt of the application is its master: the
 * driver of a run in cluster mode.
 *
 * @param attempt of the application, from 1: YARN may start it again
 * @param number as YARN writes it, zeros in front
 */
record ContainerName(int attempt, String number) {

    static final Comparator<ContainerName> ORDER =
            Comparator.comparingInt(ContainerName::attempt).thenComparing(ContainerName::number);

    // An epoch comes in after the resource manager was started again.
    private static final Pattern FOLDER = Pattern.compile("container_(?:e\\d+_)?\\d+_\\d+_(\\d{1,6})_(\\d+)");

    private static final String FIRST = "000001";

    static Optional<ContainerName> parse(String folder) {
        Matcher matcher = FOLDER.matcher(folder);
        return matcher.matches()
                ? Optional.of(new ContainerName(Integer.parseInt(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    /** {@code driver-stdout}, {@code executor-000002-stderr}, {@code attempt-2-driver-stdout} … */
    String stream(Application application, String file) {
        String again = attempt == 1 ? "" : "attempt-" + attempt + "-";
        if (!number.equals(FIRST)) {
            return again + "executor-" + number + "-" + file;
        }
        return again + (application.hasDriver() ? "driver-" : "master-") + file;
    }
}
