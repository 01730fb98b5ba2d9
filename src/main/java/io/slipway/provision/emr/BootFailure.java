package io.slipway.provision.emr;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterStateChangeReason;
import software.amazon.awssdk.services.emr.model.ErrorDetail;

/** What EMR says of why a cluster is in its state, with all that its error details tell: which script, which node, where its log is. */
final class BootFailure {

    private BootFailure() {}

    /** {@code null} when nothing is said. */
    static @Nullable String words(Cluster cluster) {
        List<String> words = new ArrayList<>();
        ClusterStateChangeReason reason = cluster.status().stateChangeReason();
        if (reason != null && (reason.codeAsString() != null || reason.message() != null)) {
            words.add(
                    reason.codeAsString() == null
                            ? reason.message()
                            : reason.codeAsString() + (reason.message() == null ? "" : ": " + reason.message()));
        }
        cluster.status().errorDetails().stream()
                .map(BootFailure::words)
                .filter(detail -> words.stream().noneMatch(said -> said.contains(detail)))
                .forEach(words::add);
        return words.isEmpty() ? null : String.join(" ", words);
    }

    private static String words(ErrorDetail detail) {
        StringBuilder words = new StringBuilder();
        words.append(detail.errorMessage() == null ? detail.errorCode() : detail.errorMessage());
        for (Map<String, String> data : detail.errorData()) {
            data.forEach((key, value) ->
                    words.append(" (").append(key).append(" ").append(value).append(")"));
        }
        return words.toString();
    }
}
