package io.slipway.submission;

import io.slipway.jobs.Owner;
import io.slipway.project.HeldBytes;
import io.slipway.project.archive.ConfigOverlay;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody wants a project to run.
 *
 * @param idempotencyKey the caller's name for this wish, 1 to 200 printable characters; repeating it never makes a second job
 * @param environment a packed Python environment that came with the request; the caller keeps it until the submission returns
 * @param specJson the {@code spec} part, as it came
 * @param fields the simple form fields that say the same as the spec, as they came
 */
public record SubmitJob(
        Owner owner,
        @Nullable String idempotencyKey,
        ProjectSource project,
        List<ConfigOverlay> configs,
        @Nullable HeldBytes environment,
        @Nullable String specJson,
        Map<String, List<String>> fields) {

    public SubmitJob {
        configs = List.copyOf(configs);
        fields = Map.copyOf(fields);
    }
}
