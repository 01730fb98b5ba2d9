package io.slipway.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job's history: a {@link Page} whose type the description can name. */
@Schema(name = "PageOfJobEvents")
record JobEventPage(
        List<EventView> items,

        @Schema(description = "Always null: a history is one page.") @Nullable
        URI next) {}
