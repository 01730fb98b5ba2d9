package io.slipway.compute;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * {@code slipway.compute.results}: what is kept at most of the files that a run wrote.
 *
 * @param files how many
 * @param size of all of them together
 * @param time for putting them in place, after the end of the program
 */
@Validated
@ConfigurationProperties("slipway.compute.results")
public record ResultLimits(
        @DefaultValue("1000") @Min(1) @Max(10_000) int files,
        @DefaultValue("1GB") DataSize size,
        @DefaultValue("5m") @DurationMin(seconds = 1) Duration time) {

    public static final ResultLimits DEFAULT = new ResultLimits(1000, DataSize.ofGigabytes(1), Duration.ofMinutes(5));
}
