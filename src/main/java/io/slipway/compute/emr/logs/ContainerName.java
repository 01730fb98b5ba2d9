package io.slipway.compute.emr.logs;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One container of a YARN application, as its log folder is called ({@code container_e02_1767614400000_0042_01_000003}).
 *
 * @param attempt of the application, from 1: YARN may start it again
 * @param epoch how often the resource manager had been started again; the numbers begin anew with each
 * @param number from 1
 * @param label number and epoch as YARN writes them: {@code 000003}, {@code e02-000003}
 */
record ContainerName(int attempt, int epoch, long number, String label) implements Comparable<ContainerName> {

    private static final Comparator<ContainerName> ORDER = Comparator.comparingInt(ContainerName::attempt)
            .thenComparingInt(ContainerName::epoch)
            .thenComparingLong(ContainerName::number)
            .thenComparing(ContainerName::label);

    private static final Pattern FOLDER =
            Pattern.compile("container_(?:(e(\\d{1,6}))_)?\\d+_\\d+_(\\d{1,6})_(\\d{1,15})");

    static Optional<ContainerName> parse(String folder) {
        Matcher matcher = FOLDER.matcher(folder);
        return matcher.matches() ? Optional.of(read(matcher)) : Optional.empty();
    }

    private static ContainerName read(Matcher matcher) {
        String epoch = matcher.group(1);
        String number = matcher.group(4);
        return new ContainerName(
                Integer.parseInt(matcher.group(3)),
                epoch == null ? 0 : Integer.parseInt(matcher.group(2)),
                Long.parseLong(number),
                epoch == null ? number : epoch + "-" + number);
    }

    /** Whether no container of the attempt can have been there before it. */
    boolean isFirstPossible() {
        return epoch == 0 && number == 1;
    }

    @Override
    public int compareTo(ContainerName other) {
        return ORDER.compare(this, other);
    }
}
