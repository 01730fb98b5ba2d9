package io.slipway.compute;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One entry of {@code slipway.clusters}: exactly one kind of cluster.
 *
 * @param emr an Amazon EMR cluster on EC2
 * @param local this machine
 */
public record ClusterSettings(
        @Nullable @Valid Emr emr, @Nullable @Valid Local local) {

    /**
     * @param clusterId the EMR cluster's id
     * @param stepConcurrency how many steps the cluster runs at once, 1 to 256 (EMR's default is 1)
     * @param lookAhead how many more of our steps may wait in EMR's own queue; what lies there can no longer be put in order
     * @param jobs what jobs get there, and what they may ask for
     */
    public record Emr(
            @Pattern(regexp = "j-[A-Z0-9]+", message = "must be an EMR cluster id such as j-2AXXXXXXGAPLF")
            String clusterId,

            @DefaultValue("1") @Min(1) @Max(256) int stepConcurrency,
            @DefaultValue("2") @Min(0) @Max(255) int lookAhead,
            @DefaultValue @Valid JobRules jobs) {

        @ConstructorBinding
        public Emr {}

        /** With the rules that hold where nothing was set. */
        public Emr(String clusterId, int stepConcurrency, int lookAhead) {
            this(clusterId, stepConcurrency, lookAhead, JobRules.DEFAULT);
        }
    }

    /** @param parallelism how many runs at once, 1 to 256 */
    public record Local(@DefaultValue("2") @Min(1) @Max(256) int parallelism) {}
}
