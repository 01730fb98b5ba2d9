package io.slipway.compute.emr;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The step that ends YARN applications by their tags, which are submission keys. YARN keeps tags in lower case; asking in both spellings
 * finds them whichever way it compares. It fails when something is still there at its end.
 */
final class CleanupArguments {

    private CleanupArguments() {}

    static List<String> of(List<String> submissionKeys) {
        String tags = String.join(
                ",",
                submissionKeys.stream()
                        .flatMap(key -> Stream.of(key, key.toLowerCase(Locale.ROOT)))
                        .distinct()
                        .toList());
        String list = "yarn application -list -appTags " + tags
                + " -appStates NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING | grep -o 'application_[0-9]*_[0-9]*' | sort -u";
        return List.of(
                "bash",
                "-c",
                "for app in $(" + list + "); do yarn application -kill $app; done; left=$(" + list
                        + "); echo still there: $left; test -z \"$left\"");
    }
}
