package io.slipway.logs;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Spark and YARN say of how a program ended, as the end of a log shows it.
 *
 * @param exitStatus of the program; {@code null} where none is named
 * @param sentence why it failed, for people, where that was not the program's own doing; else {@code null}
 */
record SparkWords(@Nullable Integer exitStatus, @Nullable String sentence) {

    static final SparkWords NONE = new SparkWords(null, null);

    private static final Pattern STATUS = Pattern.compile("User application exited with status (\\d{1,3})\\b");

    /** The last line that EMR writes behind what a step printed; only on the primary node is it the program's status. */
    private static final Pattern COMMAND = Pattern.compile("Command exiting with ret '(\\d{1,3})'");

    private static final Pattern NO_CONTEXT =
            Pattern.compile("User did not initialize spark context|SparkContext did not initialize after waiting for");

    private static final Pattern MEMORY =
            Pattern.compile("running (?:\\S+ )?beyond (?:the 'PHYSICAL'|physical) memory limit");

    static final String MADE_NO_CONTEXT =
            "The program made no SparkContext, and in mode cluster YARN takes that for a failure"
                    + " (exit code 13), whatever the program did. Make a SparkSession in the program, without master(\"local\"),"
                    + " or run it in mode client.";

    private static final String TOO_MUCH_MEMORY = "YARN ended the driver because it used more memory than it may."
            + " Raise spark.driver.memory or spark.driver.memoryOverhead.";

    /** @param onPrimaryNode whether the step is the program's own process */
    static SparkWords in(List<String> end, boolean onPrimaryNode) {
        Integer status = null;
        String sentence = null;
        for (String line : end) {
            Matcher exited = STATUS.matcher(line);
            if (exited.find()) {
                status = status(exited, status);
            } else if (NO_CONTEXT.matcher(line).find()) {
                sentence = MADE_NO_CONTEXT;
            } else if (MEMORY.matcher(line).find()) {
                sentence = TOO_MUCH_MEMORY;
            }
        }
        Matcher last =
                COMMAND.matcher(end.isEmpty() ? "" : end.get(end.size() - 1).strip());
        if (onPrimaryNode && last.matches()) {
            status = status(last, status);
        }
        return new SparkWords(status, sentence);
    }

    private static @Nullable Integer status(Matcher found, @Nullable Integer before) {
        int status = Integer.parseInt(found.group(1));
        return status <= 255 ? Integer.valueOf(status) : before;
    }

    boolean isNothing() {
        return exitStatus == null && sentence == null;
    }
}
