package io.slipway.compute.emr.launch;

import io.slipway.compute.ClusterTraits;
import io.slipway.project.Launch.Mode;
import io.slipway.project.LaunchPlan;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What jobs get on a cluster, and what they may ask for there.
 *
 * @param sparkConf Spark settings of every job, below its own
 * @param deniedSparkConf Spark settings that no job may set, as patterns in which {@code *} stands for anything
 * @param allowModes where drivers may run; client mode is the primary node, so it has to be allowed
 * @param executionRole ARN of the runtime role of jobs that name none; without one the cluster's instance profile is used
 * @param allowExecutionRoles runtime roles that jobs may name, as patterns of ARNs
 * @param container what mode {@code container} may do
 * @param lateContext whether the launcher keeps YARN from failing a program that ran well and made no Spark context, by making one at
 *     its end; that takes some seconds
 * @param live whether drivers show what they print, how far they are and how they ended within seconds, through the bucket of
 *     {@code slipway.artifacts.s3}; where the jobs' role may not write there, each driver says so once in Spark's log and nothing else
 *     changes
 * @param requirements whether Python environments are built of what projects need: {@code auto} (also of a lock or requirements.txt at
 *     the project's root that nobody named; where no index of packages can be reached such a job runs without), {@code on-request} or
 *     {@code denied}
 */
public record JobRules(
        @DefaultValue Map<String, String> sparkConf,
        @DefaultValue List<String> deniedSparkConf,
        @DefaultValue("cluster") Set<Mode> allowModes,

        @Pattern(regexp = "arn:aws[a-z-]*:iam::\\d{12}:role/.+", message = "must be the ARN of an IAM role") @Nullable
        String executionRole,

        @DefaultValue List<String> allowExecutionRoles,
        @DefaultValue @Valid Container container,
        @DefaultValue("true") boolean lateContext,
        @DefaultValue("true") boolean live,
        @DefaultValue("auto") ClusterTraits.Requirements requirements) {

    public static final JobRules DEFAULT = new JobRules(
            Map.of(),
            List.of(),
            Set.of(Mode.CLUSTER),
            null,
            List.of(),
            new Container(List.of(), List.of(), Container.Runtime.YARN),
            true,
            true,
            ClusterTraits.Requirements.AUTO);

    @ConstructorBinding
    public JobRules {
        sparkConf = Collections.unmodifiableMap(new LinkedHashMap<>(sparkConf));
        deniedSparkConf = List.copyOf(deniedSparkConf);
        allowModes = Set.copyOf(allowModes);
        allowExecutionRoles = List.copyOf(allowExecutionRoles);
    }

    /** With late contexts and the live channel. */
    public JobRules(
            Map<String, String> sparkConf,
            List<String> deniedSparkConf,
            Set<Mode> allowModes,
            @Nullable String executionRole,
            List<String> allowExecutionRoles,
            Container container) {
        this(sparkConf, deniedSparkConf, allowModes, executionRole, allowExecutionRoles, container, true, true);
    }

    /** With environments as they are by default. */
    public JobRules(
            Map<String, String> sparkConf,
            List<String> deniedSparkConf,
            Set<Mode> allowModes,
            @Nullable String executionRole,
            List<String> allowExecutionRoles,
            Container container,
            boolean lateContext,
            boolean live) {
        this(
                sparkConf,
                deniedSparkConf,
                allowModes,
                executionRole,
                allowExecutionRoles,
                container,
                lateContext,
                live,
                ClusterTraits.Requirements.AUTO);
    }

    /** Whether the driver of the plan shows what it prints while it runs; nothing of ours runs beside a split project. */
    public boolean showsLive(LaunchPlan plan) {
        return live && plan.launch().reportsItsEnd();
    }

    /**
     * @param registries where images may come from: a registry's host, or a host with the beginning of a name behind it
     * @param mounts folders of the nodes that every image sees, {@code /on/the/node:/in/the/image:ro}; jobs cannot ask for others
     * @param runtime what starts the images
     */
    public record Container(
            @DefaultValue List<String> registries,

            @DefaultValue
            List<
                            @Pattern(
                                    regexp = "/[^:,\\s]*:/[^:,\\s]*:(ro|rw)",
                                    message = "must be /on/the/node:/in/the/image:ro or :rw")
                            String>
                    mounts,

            @DefaultValue("yarn") Runtime runtime) {

        public Container {
            registries = List.copyOf(registries);
            mounts = List.copyOf(mounts);
        }

        /** How a cluster starts images. */
        public enum Runtime {
            /** YARN starts driver and executors in the image: EMR 6.1 and later. */
            YARN,
            /** {@code docker run} on the primary node starts the driver in the image: older releases, where it was installed. */
            PRIMARY_NODE
        }
    }
}
