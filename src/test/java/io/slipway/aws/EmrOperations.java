package io.slipway.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What each of EMR's operations checks, does and answers; emr-facts, section 1, unless said otherwise. */
final class EmrOperations {

    private static final int PAGE = 50;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final Map<String, EmrCluster> clusters = new TreeMap<>();
    Function<String, StepScript> script = name -> StepScript.succeedsAfter(Duration.ofSeconds(10));

    Predicate<String> poison = name -> false;

    /** How a cluster that is made behaves, by its name. */
    Function<String, ClusterScript> clusterScript = name -> ClusterScript.readyAfter(Duration.ofMinutes(5));

    /** From acceptance to being listed. Pessimism: AWS documents no consistency. */
    Duration clusterListingLag = Duration.ZERO;

    BiFunction<String, EmrCluster.Made, EmrCluster> make = (id, made) -> {
        throw new IllegalStateException("nobody makes clusters");
    };

    private final Clock clock;
    private final EmrAppUis appUis;
    private long steps;
    private long made;

    EmrOperations(Clock clock) {
        this.clock = clock;
        this.appUis = new EmrAppUis(clock);
    }

    ObjectNode perform(String operation, JsonNode in, EmrFault.Share share) {
        return switch (operation) {
            case "AddJobFlowSteps" -> addJobFlowSteps(in, share);
            case "ListSteps" -> listSteps(in);
            case "DescribeStep" -> describeStep(in);
            case "CancelSteps" -> cancelSteps(in);
            case "DescribeCluster" -> describeCluster(in);
            case "ListInstanceGroups" -> listInstanceGroups(in);
            case "ListInstanceFleets" -> listInstanceFleets(in);
            case "ListClusters" -> listClusters(in);
            case "RunJobFlow" -> runJobFlow(in);
            case "ListBootstrapActions" -> listBootstrapActions(in);
            case "TerminateJobFlows" -> terminateJobFlows(in);
            case "CreatePersistentAppUI" -> appUis.create(text(in, "TargetResourceArn"), clusters);
            case "DescribePersistentAppUI" -> appUis.describe(text(in, "PersistentAppUIId"));
            case "GetPersistentAppUIPresignedURL" ->
                appUis.presigned(text(in, "PersistentAppUIId"), text(in, "ApplicationId"));
            case "GetOnClusterAppUIPresignedURL" ->
                appUis.onCluster(
                        cluster(text(in, "ClusterId")), text(in, "OnClusterAppUIType"), text(in, "ApplicationId"));
            default -> throw EmrError.validation("Unknown operation " + operation);
        };
    }

    private ObjectNode addJobFlowSteps(JsonNode in, EmrFault.Share share) {
        EmrCluster cluster = clusters.get(text(in, "JobFlowId"));
        if (cluster == null) {
            throw EmrError.validation("Specified job flow ID not valid");
        }
        cluster.advance(clock.instant());
        List<JsonNode> wanted = list(in, "Steps");
        if (cluster.isClosed()) {
            throw EmrError.validation("A job flow that is shutting down, terminated, or finished may not be modified.");
        }
        if (wanted.size() > cluster.stepsACall()) {
            throw EmrError.validation("Member must have length less than or equal to " + cluster.stepsACall());
        }
        if (cluster.active() + wanted.size() > EmrCluster.MOST_ACTIVE) {
            throw EmrError.validation("Maximum number of active steps(State = 'Running', 'Pending' or 'Cancel_Pending')"
                    + " for cluster exceeded.");
        }
        wanted.forEach(step -> check(step, cluster));
        ObjectNode out = JSON.createObjectNode();
        ArrayNode ids = out.putArray("StepIds");
        int take = share == EmrFault.Share.HALF ? wanted.size() / 2 : wanted.size();
        wanted.subList(0, take).forEach(step -> ids.add(add(step, cluster)));
        return out;
    }

    private void check(JsonNode step, EmrCluster cluster) {
        if (poison.test(text(step, "Name"))) {
            throw EmrError.validation("Invalid step.");
        }
        JsonNode config = step.path("HadoopJarStep");
        int strings = text(config, "Jar").length()
                + list(config, "Args").stream()
                        .mapToInt(arg -> arg.asString().length())
                        .sum();
        if (strings > 10_240) {
            throw EmrError.validation("The total length of the strings of a step may not exceed 10240 characters.");
        }
        if (text(step, "Name").length() > 256) {
            throw EmrError.validation("Member must have length less than or equal to 256");
        }
        if (cluster.stepConcurrency > 1 && !text(step, "ActionOnFailure").equals("CONTINUE")) {
            throw EmrError.validation("ActionOnFailure setting is not valid.");
        }
    }

    void addForeign(EmrCluster cluster, String name) {
        cluster.advance(clock.instant());
        cluster.add(
                new EmrStep(++steps, name, "theirs.jar", List.of(), "CONTINUE", script.apply(name), clock.instant()));
    }

    private String add(JsonNode step, EmrCluster cluster) {
        JsonNode config = step.path("HadoopJarStep");
        EmrStep added = new EmrStep(
                ++steps,
                text(step, "Name"),
                text(config, "Jar"),
                list(config, "Args").stream().map(JsonNode::asString).toList(),
                text(step, "ActionOnFailure"),
                script.apply(text(step, "Name")),
                clock.instant());
        cluster.add(added);
        return added.id;
    }

    private ObjectNode listSteps(JsonNode in) {
        EmrCluster cluster = cluster(text(in, "ClusterId"));
        Set<String> states = strings(in, "StepStates");
        Set<String> ids = strings(in, "StepIds");
        if (!states.isEmpty() && !ids.isEmpty()) {
            throw EmrError.invalidRequest("Cannot specify both StepIds and StepStates.");
        }
        if (ids.size() > 10) {
            throw EmrError.validation("Member must have length less than or equal to 10");
        }
        List<EmrStep> visible = cluster.visible(clock.instant());
        for (String id : ids) {
            if (visible.stream().noneMatch(step -> step.id.equals(id))) {
                throw EmrError.invalidRequest("Step id '" + id + "' is not valid.");
            }
        }
        boolean filtered = !states.isEmpty() || !ids.isEmpty();
        List<EmrStep> matching = new ArrayList<>(visible.stream()
                .filter(step -> states.isEmpty() || states.contains(step.state))
                .filter(step -> ids.isEmpty() || ids.contains(step.id))
                .toList());
        // Newest first, unless filtered: then the order is unspecified, and here it is the one that nobody hopes for.
        if (!filtered) {
            Collections.reverse(matching);
        }
        return page(matching, in.path("Marker").asString(""), filtered);
    }

    private static ObjectNode page(List<EmrStep> matching, String marker, boolean ascending) {
        long after = marker.isEmpty() ? -1 : Long.parseLong(marker);
        List<EmrStep> rest = matching.stream()
                .filter(step -> after < 0 || (ascending ? step.number > after : step.number < after))
                .toList();
        ObjectNode out = JSON.createObjectNode();
        ArrayNode page = out.putArray("Steps");
        rest.stream().limit(PAGE).forEach(step -> page.add(summary(step)));
        if (rest.size() > PAGE) {
            out.put("Marker", String.valueOf(rest.get(PAGE - 1).number));
        }
        return out;
    }

    private ObjectNode describeStep(JsonNode in) {
        EmrCluster cluster = cluster(text(in, "ClusterId"));
        String id = text(in, "StepId");
        EmrStep found = cluster.visible(clock.instant()).stream()
                .filter(step -> step.id.equals(id))
                .findFirst()
                .orElseThrow(() -> EmrError.invalidRequest("Step id '" + id + "' is not valid."));
        return JSON.createObjectNode().set("Step", summary(found));
    }

    private ObjectNode cancelSteps(JsonNode in) {
        EmrCluster cluster = clusters.get(text(in, "ClusterId"));
        if (cluster == null) {
            throw EmrError.validation("Specified job flow ID not valid");
        }
        cluster.advance(clock.instant());
        if (strings(in, "StepIds").size() > cluster.stepsACall()) {
            throw EmrError.validation("Member must have length less than or equal to " + cluster.stepsACall());
        }
        ObjectNode out = JSON.createObjectNode();
        ArrayNode infos = out.putArray("CancelStepsInfoList");
        for (String id : strings(in, "StepIds")) {
            EmrStep step = cluster.steps.stream()
                    .filter(one -> one.id.equals(id))
                    .findFirst()
                    .orElseThrow(() -> EmrError.invalidRequest("Step id '" + id + "' is not valid."));
            ObjectNode info = infos.addObject().put("StepId", id);
            if (!step.isActive()) {
                info.put("Status", "FAILED").put("Reason", "The step is already in a final state.");
                continue;
            }
            info.put("Status", "SUBMITTED");
            if (step.cancelAskedAt == null) {
                cluster.cancel(step, clock.instant());
            }
        }
        return out;
    }

    private ObjectNode describeCluster(JsonNode in) {
        EmrCluster cluster = cluster(text(in, "ClusterId"));
        ObjectNode out = JSON.createObjectNode();
        ObjectNode described = out.putObject("Cluster")
                .put("Id", cluster.id)
                .put("Name", cluster.name)
                .put("ReleaseLabel", cluster.releaseLabel)
                .put("StepConcurrencyLevel", cluster.stepConcurrency);
        described.put("NormalizedInstanceHours", cluster.instanceHours(clock.instant()));
        described.put("InstanceCollectionType", cluster.hasFleets() ? "INSTANCE_FLEET" : "INSTANCE_GROUP");
        described.put("ClusterArn", EmrAppUis.arn(cluster.id));
        if (cluster.logUri != null) {
            described.put("LogUri", cluster.logUri);
        }
        ArrayNode tags = described.putArray("Tags");
        cluster.tags.forEach((key, value) -> tags.addObject().put("Key", key).put("Value", value));
        described.set("Status", status(cluster));
        return out;
    }

    private ObjectNode listInstanceGroups(JsonNode in) {
        EmrCluster cluster = cluster(text(in, "ClusterId"));
        if (cluster.hasFleets()) {
            throw EmrError.invalidRequest("Instance fleets and instance groups are mutually exclusive.");
        }
        ObjectNode out = JSON.createObjectNode();
        ArrayNode groups = out.putArray("InstanceGroups");
        groups.addObject().put("InstanceGroupType", "CORE").put("InstanceType", "m5.xlarge");
        groups.addObject()
                .put("InstanceGroupType", "MASTER")
                .put("InstanceType", cluster.primaryTypes().get(0));
        return out;
    }

    private ObjectNode listInstanceFleets(JsonNode in) {
        EmrCluster cluster = cluster(text(in, "ClusterId"));
        if (!cluster.hasFleets()) {
            throw EmrError.invalidRequest("Instance fleets and instance groups are mutually exclusive.");
        }
        ObjectNode out = JSON.createObjectNode();
        ArrayNode types = out.putArray("InstanceFleets")
                .addObject()
                .put("InstanceFleetType", "MASTER")
                .putArray("InstanceTypeSpecifications");
        cluster.primaryTypes().forEach(type -> types.addObject().put("InstanceType", type));
        return out;
    }

    /** 50 a page, unsorted, and without tags. */
    private ObjectNode listClusters(JsonNode in) {
        Set<String> states = strings(in, "ClusterStates");
        Instant now = clock.instant();
        clusters.values().forEach(cluster -> cluster.advance(now));
        Instant after = in.has("CreatedAfter")
                ? Instant.ofEpochMilli(Math.round(in.path("CreatedAfter").asDouble() * 1000))
                : Instant.MIN;
        List<EmrCluster> rest = clusters.values().stream()
                .filter(cluster -> !cluster.createdAt.isBefore(after))
                .filter(cluster -> cluster.made == null
                        || !cluster.createdAt.plus(clusterListingLag).isAfter(now))
                .filter(cluster -> states.isEmpty() || states.contains(stateOf(cluster)))
                .filter(cluster -> cluster.id.compareTo(text(in, "Marker")) > 0)
                .toList();
        ObjectNode out = JSON.createObjectNode();
        ArrayNode page = out.putArray("Clusters");
        rest.stream().limit(PAGE).forEach(cluster -> {
            ObjectNode one = page.addObject().put("Id", cluster.id).put("Name", cluster.name);
            one.put("NormalizedInstanceHours", cluster.instanceHours(clock.instant()));
            one.set("Status", status(cluster));
        });
        if (rest.size() > PAGE) {
            out.put("Marker", rest.get(PAGE - 1).id);
        }
        return out;
    }

    /** BC RunJobFlow; what is missing or cannot be is refused before anything is made. */
    private ObjectNode runJobFlow(JsonNode in) {
        String name = text(in, "Name");
        if (name.isEmpty() || name.length() > 256 || name.matches("(?s).*[<>$|`].*")) {
            throw EmrError.validation("Cluster name is not valid.");
        }
        if (!text(in, "ReleaseLabel").matches("emr-(spark-)?\\d+\\.\\d+\\.\\d+")) {
            throw EmrError.validation("The supplied release label is invalid: " + text(in, "ReleaseLabel") + ".");
        }
        JsonNode instances = in.path("Instances");
        boolean groups = instances.path("InstanceGroups").size() > 0;
        boolean fleets = instances.path("InstanceFleets").size() > 0;
        if (groups == fleets) {
            throw EmrError.validation("Specify either instance groups or instance fleets.");
        }
        long idle = in.path("AutoTerminationPolicy").path("IdleTimeout").asLong(3_600);
        if (idle < 60 || idle > 604_800) {
            throw EmrError.validation("IdleTimeout must be between 60 and 604800 seconds.");
        }
        if (list(in, "BootstrapActions").size() > 16) {
            throw EmrError.validation("Maximum number of bootstrap actions is 16.");
        }
        for (JsonNode one : list(in, "Configurations")) {
            if (one.has("ConfigurationProperties")) {
                throw EmrError.validation("Unknown field ConfigurationProperties.");
            }
        }
        ClusterScript script = clusterScript.apply(name);
        if (script.refusal() != null) {
            throw EmrError.validation(script.refusal());
        }
        String id = "j-%013d".formatted(++made + 1_000_000);
        EmrCluster cluster = make.apply(id, new EmrCluster.Made(in, script));
        cluster.name = name;
        cluster.releaseLabel = text(in, "ReleaseLabel");
        cluster.stepConcurrency = in.path("StepConcurrencyLevel").asInt(1);
        cluster.logUri = in.path("LogUri").asString(null);
        Map<String, String> tags = new TreeMap<>();
        list(in, "Tags").forEach(tag -> tags.put(text(tag, "Key"), text(tag, "Value")));
        cluster.tags = tags;
        clusters.put(id, cluster);
        return JSON.createObjectNode().put("JobFlowId", id).put("ClusterArn", EmrAppUis.arn(id));
    }

    private ObjectNode listBootstrapActions(JsonNode in) {
        EmrCluster cluster = cluster(text(in, "ClusterId"));
        ObjectNode out = JSON.createObjectNode();
        ArrayNode actions = out.putArray("BootstrapActions");
        if (cluster.made != null) {
            list(cluster.made.request(), "BootstrapActions").forEach(action -> {
                ObjectNode one = actions.addObject().put("Name", text(action, "Name"));
                one.put("ScriptPath", text(action.path("ScriptBootstrapAction"), "Path"));
                one.set("Args", action.path("ScriptBootstrapAction").path("Args"));
            });
        }
        return out;
    }

    /** Asynchronous, and all or none: an id that is not known refuses the call. */
    private ObjectNode terminateJobFlows(JsonNode in) {
        Set<String> ids = strings(in, "JobFlowIds");
        if (ids.isEmpty() || ids.size() > 10) {
            throw EmrError.validation("Member must have length between 1 and 10");
        }
        for (String id : ids) {
            if (!clusters.containsKey(id)) {
                throw EmrError.validation("Specified job flow ID not valid");
            }
        }
        ids.forEach(id -> clusters.get(id).terminateByUser(clock.instant()));
        return JSON.createObjectNode();
    }

    private static String stateOf(EmrCluster cluster) {
        return cluster.state.equals("WAITING") && cluster.active() > 0 ? "RUNNING" : cluster.state;
    }

    private static ObjectNode status(EmrCluster cluster) {
        ObjectNode status = JSON.createObjectNode().put("State", stateOf(cluster));
        ObjectNode reason = status.putObject("StateChangeReason");
        if (cluster.stateReason != null) {
            reason.put("Code", cluster.reasonCode).put("Message", cluster.stateReason);
        }
        if (cluster.errorDetail != null) {
            ObjectNode detail = status.putArray("ErrorDetails").addObject();
            detail.put("ErrorCode", cluster.reasonCode).put("ErrorMessage", cluster.errorDetail);
        }
        time(status.putObject("Timeline"), "CreationDateTime", cluster.createdAt);
        time((ObjectNode) status.get("Timeline"), "EndDateTime", cluster.endedAt);
        return status;
    }

    private static ObjectNode summary(EmrStep step) {
        ObjectNode out = JSON.createObjectNode().put("Id", step.id).put("Name", step.name);
        ObjectNode config = out.putObject("Config").put("Jar", step.jar);
        step.args.forEach(config.putArray("Args")::add);
        config.putObject("Properties");
        out.put("ActionOnFailure", step.actionOnFailure);
        ObjectNode status = out.putObject("Status").put("State", step.state);
        status.putObject("StateChangeReason");
        if (step.state.equals("FAILED") && step.script.failure() != null) {
            status.putObject("FailureDetails").put("Reason", "Unknown Error").put("Message", step.script.failure());
        }
        ObjectNode timeline = status.putObject("Timeline");
        time(timeline, "CreationDateTime", step.createdAt);
        time(timeline, "StartDateTime", step.startedAt);
        time(timeline, "EndDateTime", step.endedAt);
        return out;
    }

    /** Epoch seconds with a fraction, as a number; left out when unset. */
    private static void time(ObjectNode out, String name, Instant at) {
        if (at != null) {
            out.put(name, at.toEpochMilli() / 1000.0);
        }
    }

    private EmrCluster cluster(String id) {
        EmrCluster cluster = clusters.get(id);
        if (cluster == null) {
            throw EmrError.invalidRequest("Cluster id '" + id + "' is not valid.");
        }
        cluster.advance(clock.instant());
        return cluster;
    }

    private static String text(JsonNode in, String name) {
        return in.path(name).asString("");
    }

    private static List<JsonNode> list(JsonNode in, String name) {
        return StreamSupport.stream(in.path(name).spliterator(), false).toList();
    }

    private static Set<String> strings(JsonNode in, String name) {
        return list(in, name).stream().map(JsonNode::asString).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
