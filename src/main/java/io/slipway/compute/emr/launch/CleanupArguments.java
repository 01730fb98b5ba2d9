package io.slipway.compute.emr.launch;

import io.slipway.jobs.SubmissionKey;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The step that ends YARN applications by their tags, which are submission keys. YARN keeps tags in lower case; asking in both spellings
 * finds them whichever way it compares. The step fails when something is still there at its end, or when YARN does not say. It has
 * nothing in it that a shell would read differently when it is quoted once more.
 */
public final class CleanupArguments {

    private CleanupArguments() {}

    /** @param quotedAgain as command-runner needs it under a runtime role */
    public static List<String> of(List<SubmissionKey> submissionKeys, boolean quotedAgain) {
        String tags = submissionKeys.stream()
                .map(SubmissionKey::value)
                .flatMap(key -> Stream.of(key, key.toLowerCase(Locale.ROOT)))
                .distinct()
                .collect(Collectors.joining(","));
        String list =
                "yarn application -list -appTags " + tags + " -appStates NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING";
        String command = list + " > found && grep -o application_[0-9]*_[0-9]* found | sort -u"
                + " | xargs -r -n 1 yarn application -kill; "
                + list + " > left && ! grep -q application_[0-9] left";
        return List.of("bash", "-c", quotedAgain ? "\"" + command + "\"" : command);
    }
}
