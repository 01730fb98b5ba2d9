package io.slipway.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code label=key=value} parameters of a list. */
final class LabelFilter {

    private LabelFilter() {}

    /** @param given as they came: Spring would split one at its commas */
    static Map<String, String> of(String @Nullable [] given) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : given == null ? new String[0] : given) {
            int equals = label.indexOf('=');
            if (equals < 1) {
                throw new ApiProblem(
                        ProblemType.INVALID_PARAMETER,
                        "label must be key=value, such as label=team=pricing; it is '" + label + "'.");
            }
            labels.put(label.substring(0, equals), label.substring(equals + 1));
        }
        return labels;
    }
}
