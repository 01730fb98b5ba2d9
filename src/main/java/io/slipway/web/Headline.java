package io.slipway.web;

import io.slipway.jobs.Reason;

/** Why a job ended as it did, in the one line that is read first. */
final class Headline {

    private static final String NO_SPARK = "No module named 'pyspark'";

    private Headline() {}

    /** The first line of its reason, which is the program's exception where there is one. */
    static String of(Reason reason) {
        String first = reason.message().lines().findFirst().orElse("");
        return lacksSpark(reason) ? "Spark was not found. " + first : first;
    }

    /** What to do about it; {@code usual} where nothing better is known. */
    static String hint(Reason reason, String usual) {
        return lacksSpark(reason)
                ? "The project ran by python3 alone, which has no Spark. Install Spark where the service runs (spark-submit on"
                        + " the PATH, or SPARK_HOME) and start the service again, or choose a cluster that has it."
                : usual;
    }

    private static boolean lacksSpark(Reason reason) {
        return reason.code().isTheProgramsOwn() && reason.message().contains(NO_SPARK);
    }
}
