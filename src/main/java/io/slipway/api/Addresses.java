package io.slipway.api;

import java.util.List;
import java.util.regex.Pattern;

/** What there is, for somebody who asked for what there is not. */
final class Addresses {

    private static final List<String> ROOTS = List.of("jobs", "plans", "clusters", "events", "stats");
    private static final Pattern PREFIX = Pattern.compile("^(?:/(?:api|rest|v[0-9]+))+/");

    private Addresses() {}

    /** @param path behind the context path */
    static String hint(String path) {
        String meant = PREFIX.matcher(path).replaceFirst("/").replaceAll("/+$", "");
        String first = meant.isEmpty() ? "" : meant.substring(1).split("/", 2)[0];
        String shown = LongText.shown(path);
        if (!meant.equals(path) && ROOTS.contains(first)) {
            return "There is nothing at " + shown + ". Did you mean " + LongText.shown(meant) + "?";
        }
        if (ROOTS.contains(first + "s")) {
            return "There is nothing at " + shown + ". Did you mean /" + first + "s"
                    + LongText.shown(meant.substring(1 + first.length())) + "?";
        }
        if (first.equals("jobs")) {
            return "There is nothing at " + shown
                    + ". A job has /jobs/{id}, and below that /events, /logs, /logs/{name}, /spark-ui and, for POST, /cancel.";
        }
        return "There is nothing at " + shown + ". The API has "
                + String.join(", ", ROOTS.stream().map(root -> "/" + root).toList())
                + "; /v3/api-docs describes it, /swagger-ui.html shows it, /ui/jobs is for people.";
    }
}
