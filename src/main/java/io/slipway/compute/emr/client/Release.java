package io.slipway.compute.emr.client;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An EMR release, as its label tells it: {@code emr-6.15.0}. The releases of the train {@code emr-spark-8.0.0} follow those of the one train
 * that there was before; no number is in both.
 */
public record Release(String label, int major, int minor) {

    private static final Pattern LABEL = Pattern.compile("emr-(?:spark-)?(\\d{1,4})\\.(\\d{1,4})(\\..*)?");

    /** Empty for a cluster without a label, older than release 4, and for a label that is like none that is known. */
    public static Optional<Release> of(@Nullable String label) {
        Matcher parts = LABEL.matcher(label == null ? "" : label);
        return parts.matches()
                ? Optional.of(
                        new Release(parts.group(), Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2))))
                : Optional.empty();
    }

    public boolean isBefore(int otherMajor, int otherMinor) {
        return major < otherMajor || (major == otherMajor && minor < otherMinor);
    }
}
