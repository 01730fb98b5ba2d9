package io.slipway.provision.emr;

import io.slipway.compute.emr.client.Release;
import io.slipway.compute.emr.client.ReleaseFacts;
import io.slipway.provision.emr.EmrTemplate.Fleet;
import io.slipway.provision.emr.EmrTemplate.Group;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.emr.model.Application;
import software.amazon.awssdk.services.emr.model.BootstrapActionConfig;
import software.amazon.awssdk.services.emr.model.ComputeLimits;
import software.amazon.awssdk.services.emr.model.ComputeLimitsUnitType;
import software.amazon.awssdk.services.emr.model.EbsConfiguration;
import software.amazon.awssdk.services.emr.model.InstanceFleetConfig;
import software.amazon.awssdk.services.emr.model.InstanceFleetType;
import software.amazon.awssdk.services.emr.model.InstanceGroupConfig;
import software.amazon.awssdk.services.emr.model.InstanceRoleType;
import software.amazon.awssdk.services.emr.model.InstanceTypeConfig;
import software.amazon.awssdk.services.emr.model.JobFlowInstancesConfig;
import software.amazon.awssdk.services.emr.model.MarketType;
import software.amazon.awssdk.services.emr.model.RunJobFlowRequest;
import software.amazon.awssdk.services.emr.model.Tag;

/**
 * A template as the request that makes a cluster of it.
 *
 * @param bootstrap where our bootstrap action lies
 */
record RunJobFlowBody(EmrTemplate template, URI bootstrap) {

    static final String ORDER = "slipway:order";
    static final String INSTALLATION = "slipway:installation";
    static final String TEMPLATE = "slipway:template";
    static final String CLUSTER = "slipway:cluster";

    /** EMR's own time-out comes a while after ours: it must not end a cluster to which a job is being sent. */
    private static final Duration LATER = Duration.ofMinutes(10);

    private static final Duration LONGEST_IDLE = Duration.ofDays(7);

    /** @param subnet which of the subnets, counted from 0; with fleets EMR chooses among all */
    RunJobFlowRequest of(ClusterName name, String hash, int subnet) {
        RunJobFlowRequest.Builder body = RunJobFlowRequest.builder()
                .name(name.text())
                .releaseLabel(template.software().release())
                .applications(applications())
                .instances(instances(subnet))
                .configurations(classifications().toEmr())
                .bootstrapActions(bootstrapActions())
                .serviceRole(template.access().serviceRole())
                .jobFlowRole(template.access().instanceProfile())
                .logUri(template.access().logUri())
                .securityConfiguration(template.access().securityConfiguration())
                .customAmiId(template.hardware().ami())
                .ebsRootVolumeSize(template.hardware().ebs().rootGb())
                .stepConcurrencyLevel(template.lifetime().stepConcurrency())
                .visibleToAllUsers(true)
                .autoTerminationPolicy(policy -> policy.idleTimeout(idleSeconds()))
                .tags(tags(name, hash));
        scaling().ifPresent(limits -> body.managedScalingPolicy(policy -> policy.computeLimits(limits)));
        if (template.access().cloudwatchLogs()) {
            body.monitoringConfiguration(
                    monitoring -> monitoring.cloudWatchLogConfiguration(logs -> logs.enabled(true)));
        }
        return body.build();
    }

    private long idleSeconds() {
        Duration idle = template.lifetime().idleTimeout().plus(LATER);
        return (idle.compareTo(LONGEST_IDLE) > 0 ? LONGEST_IDLE : idle).toSeconds();
    }

    private List<Application> applications() {
        List<Application> applications = new ArrayList<>();
        for (String name : List.of("Hadoop", "Spark")) {
            applications.add(Application.builder().name(name).build());
        }
        if (template.access().cloudwatchLogs()) {
            applications.add(Application.builder().name("AmazonCloudWatchAgent").build());
        }
        return applications;
    }

    private JobFlowInstancesConfig instances(int subnet) {
        JobFlowInstancesConfig.Builder instances = JobFlowInstancesConfig.builder()
                .keepJobFlowAliveWhenNoSteps(true)
                .terminationProtected(false);
        List<String> subnets = template.access().subnetIds();
        if (!subnets.isEmpty() && template.hasFleets()) {
            // EMR itself takes the one that suits the fleets best.
            instances.ec2SubnetIds(subnets);
        } else if (!subnets.isEmpty()) {
            instances.ec2SubnetId(subnets.get(subnet % subnets.size()));
        }
        EmrTemplate.Groups groups = template.hardware().instances();
        if (groups != null) {
            List<InstanceGroupConfig> all = new ArrayList<>();
            all.add(group("Primary", InstanceRoleType.MASTER, new Group(groups.primary(), 1, false)));
            if (groups.core().count() > 0) {
                all.add(group("Core", InstanceRoleType.CORE, groups.core()));
            }
            if (groups.task().count() > 0) {
                all.add(group("Task", InstanceRoleType.TASK, groups.task()));
            }
            instances.instanceGroups(all);
        }
        fleets().ifPresent(instances::instanceFleets);
        return instances.build();
    }

    private InstanceGroupConfig group(String name, InstanceRoleType role, Group group) {
        return InstanceGroupConfig.builder()
                .name(name)
                .instanceRole(role)
                .instanceType(group.type())
                .instanceCount(group.count())
                .market(group.spot() ? MarketType.SPOT : MarketType.ON_DEMAND)
                .ebsConfiguration(ebs().orElse(null))
                .build();
    }

    private Optional<List<InstanceFleetConfig>> fleets() {
        EmrTemplate.Fleets fleets = template.hardware().fleets();
        if (fleets == null) {
            return Optional.empty();
        }
        List<InstanceFleetConfig> all = new ArrayList<>();
        all.add(fleet("Primary", InstanceFleetType.MASTER, fleets.primary()));
        if (!fleets.core().types().isEmpty()) {
            all.add(fleet("Core", InstanceFleetType.CORE, fleets.core()));
        }
        if (!fleets.task().types().isEmpty()) {
            all.add(fleet("Task", InstanceFleetType.TASK, fleets.task()));
        }
        return Optional.of(all);
    }

    private InstanceFleetConfig fleet(String name, InstanceFleetType role, Fleet fleet) {
        return InstanceFleetConfig.builder()
                .name(name)
                .instanceFleetType(role)
                .targetOnDemandCapacity(fleet.onDemand())
                .targetSpotCapacity(fleet.spot())
                .instanceTypeConfigs(fleet.types().stream()
                        .map(type -> InstanceTypeConfig.builder()
                                .instanceType(type)
                                .ebsConfiguration(ebs().orElse(null))
                                .build())
                        .toList())
                .build();
    }

    private Optional<EbsConfiguration> ebs() {
        EmrTemplate.Ebs ebs = template.hardware().ebs();
        return ebs.sizeGb() == null
                ? Optional.empty()
                : Optional.of(EbsConfiguration.builder()
                        .ebsBlockDeviceConfigs(device -> device.volumesPerInstance(1)
                                .volumeSpecification(
                                        volume -> volume.sizeInGB(ebs.sizeGb()).volumeType(ebs.type())))
                        .build());
    }

    private Optional<ComputeLimits> scaling() {
        EmrTemplate.Scaling scaling = template.hardware().managedScaling();
        return scaling == null
                ? Optional.empty()
                : Optional.of(ComputeLimits.builder()
                        .unitType(
                                template.hasFleets()
                                        ? ComputeLimitsUnitType.INSTANCE_FLEET_UNITS
                                        : ComputeLimitsUnitType.INSTANCES)
                        .minimumCapacityUnits(scaling.min())
                        .maximumCapacityUnits(scaling.max())
                        .maximumOnDemandCapacityUnits(scaling.maxOnDemand())
                        .maximumCoreCapacityUnits(scaling.maxCore())
                        .build());
    }

    private List<BootstrapActionConfig> bootstrapActions() {
        List<BootstrapActionConfig> actions = new ArrayList<>();
        actions.add(action("slipway", bootstrap.toString(), BootstrapScript.arguments(template)));
        template.software()
                .bootstrapActions()
                .forEach(each -> actions.add(action(
                        each.name() == null ? "bootstrap " + actions.size() : each.name(),
                        String.valueOf(each.path()),
                        each.args())));
        return actions;
    }

    private static BootstrapActionConfig action(String name, String path, List<String> args) {
        return BootstrapActionConfig.builder()
                .name(name)
                .scriptBootstrapAction(script -> {
                    script.path(path);
                    if (!args.isEmpty()) {
                        script.args(args);
                    }
                })
                .build();
    }

    /** What the settings say of it comes before what we would say. */
    Classifications classifications() {
        Classifications all = Classifications.read(template.software().configurations());
        Optional<ReleaseFacts> facts = Release.of(template.software().release()).flatMap(ReleaseFacts::of);
        all.of("spark-env").of("export").setDefault("PYSPARK_PYTHON", python());
        Boolean arrow = template.software().arrow();
        if (arrow != null) {
            all.of("spark-defaults")
                    .setDefault(
                            facts.map(ReleaseFacts::arrowSetting).orElse("spark.sql.execution.arrow.pyspark.enabled"),
                            arrow.toString());
        }
        if (template.software().maximizeResourceAllocation()) {
            all.of("spark").setDefault("maximizeResourceAllocation", "true");
        }
        if (template.hardware().managedScaling() != null) {
            // Else maximizeResourceAllocation fixes the number of executors, and nothing ever scales.
            all.of("spark-defaults").setDefault("spark.dynamicAllocation.enabled", "true");
        }
        return all;
    }

    private String python() {
        return BootstrapScript.makesPython(template) ? BootstrapScript.PYTHON : "/usr/bin/python3";
    }

    private List<Tag> tags(ClusterName name, String hash) {
        Map<String, String> tags = new LinkedHashMap<>(template.access().tags());
        // By this tag AWS's managed policies know what they may touch.
        tags.put("for-use-with-amazon-emr-managed-policies", "true");
        tags.put(ORDER, name.orderKey());
        tags.put(INSTALLATION, name.installation());
        tags.put(CLUSTER, template.cluster());
        tags.put(TEMPLATE, hash);
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }
}
