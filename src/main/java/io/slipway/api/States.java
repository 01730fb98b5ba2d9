package io.slipway.api;

import io.slipway.jobs.JobState;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code state} parameters of a list. */
final class States {

    private States() {}

    /** @param given with {@code null} for one without a value, which asks for nothing */
    static Set<JobState> of(@Nullable Set<@Nullable JobState> given) {
        EnumSet<JobState> states = EnumSet.noneOf(JobState.class);
        if (given != null) {
            given.stream().filter(Objects::nonNull).forEach(states::add);
        }
        return states;
    }
}
