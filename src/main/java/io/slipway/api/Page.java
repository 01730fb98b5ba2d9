package io.slipway.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some items of a list, and where it goes on. */
record Page<T>(
        List<T> items,

        @Schema(description = "The address of the next page, with the same filters; null at the end.") @Nullable
        URI next) {}
