package io.slipway.compute;

import io.slipway.project.ClusterPython;
import io.slipway.project.DriverHost;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plan becomes on one cluster, before anything is sent.
 *
 * @param arguments of the step, or the words of the process, as the cluster gets them
 * @param commandLine the start itself as a person would type it, quoted for a POSIX shell
 * @param targets where files of the project will be found by the running project, by their paths; the others at their own
 * @param problems what the cluster's rules refuse; a plan with problems is never started
 * @param findings what may go wrong there
 * @param driver what the driver runs in there
 * @param python that the program gets there; {@code null} when nobody knows, or the job brings its own
 */
public record Preview(
        List<String> arguments,
        String commandLine,
        Map<String, String> targets,
        List<Detail> problems,
        List<Finding> findings,
        DriverHost driver,
        @Nullable ClusterPython python) {

    /** Where nobody knows which Python there is. */
    public Preview(
            List<String> arguments,
            String commandLine,
            Map<String, String> targets,
            List<Detail> problems,
            List<Finding> findings,
            DriverHost driver) {
        this(arguments, commandLine, targets, problems, findings, driver, null);
    }

    public Preview {
        arguments = List.copyOf(arguments);
        problems = InvalidProject.capped(problems);
        findings = Finding.capped(findings);
    }

    /** With one more thing that is in its way. */
    public Preview with(Detail problem) {
        List<Detail> all = new ArrayList<>(problems);
        all.add(problem);
        return new Preview(arguments, commandLine, targets, all, findings, driver, python);
    }

    /** Words as one line that a POSIX shell takes apart into the same words. */
    public static String line(List<String> words) {
        return String.join(" ", words.stream().map(Preview::quoted).toList());
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9@%+=:,./_#-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
