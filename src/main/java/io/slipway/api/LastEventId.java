package io.slipway.api;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An operation that goes on behind an event, as {@link Resume} reads it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Parameter(
        in = ParameterIn.HEADER,
        name = "Last-Event-ID",
        description = "Goes on behind this event; wins over `after`. Such as `4711`.",
        schema = @Schema(type = "string"))
@interface LastEventId {}
