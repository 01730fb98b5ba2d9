package io.slipway.provision.emr;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a cluster that was made to order: {@code slipway-<installation>-<cluster>-<order key>}. By it an unclear order is found again. */
record ClusterName(String installation, String cluster, String orderKey) {

    private static final Pattern FORM = Pattern.compile("slipway-([0-9a-f]{8})-([A-Za-z0-9._-]+)-([0-9A-Z]{26})");

    String text() {
        return "slipway-" + installation + "-" + cluster + "-" + orderKey;
    }

    /** Empty for every other name. */
    static Optional<ClusterName> of(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new ClusterName(form.group(1), form.group(2), form.group(3)))
                : Optional.empty();
    }
}
