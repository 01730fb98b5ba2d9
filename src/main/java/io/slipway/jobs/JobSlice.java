package io.slipway.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some jobs of a list.
 *
 * @param next the id to go on before; {@code null} at the end
 */
public record JobSlice(List<Job> items, @Nullable String next) {

    public JobSlice {
        items = List.copyOf(items);
    }
}
