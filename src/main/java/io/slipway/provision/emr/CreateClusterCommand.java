package io.slipway.provision.emr;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The body of RunJobFlow as a call of {@code aws emr create-cluster}, for a shell. */
final class CreateClusterCommand {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Field of the body → option that takes the same value. */
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("Name", "name"),
            Map.entry("ReleaseLabel", "release-label"),
            Map.entry("LogUri", "log-uri"),
            Map.entry("ServiceRole", "service-role"),
            Map.entry("SecurityConfiguration", "security-configuration"),
            Map.entry("CustomAmiId", "custom-ami-id"),
            Map.entry("EbsRootVolumeSize", "ebs-root-volume-size"),
            Map.entry("StepConcurrencyLevel", "step-concurrency-level"),
            Map.entry("Configurations", "configurations"),
            Map.entry("ManagedScalingPolicy", "managed-scaling-policy"),
            Map.entry("AutoTerminationPolicy", "auto-termination-policy"),
            Map.entry("MonitoringConfiguration", "monitoring-configuration"));

    private CreateClusterCommand() {}

    static String of(ObjectNode body) {
        List<String> options = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            String option = SAME.get(field.getKey());
            if (option != null) {
                options.add("--" + option + " " + quoted(text(field.getValue())));
            }
        }
        options.add("--applications " + names(body.path("Applications")));
        options.add("--tags " + tags(body.path("Tags")));
        options.add("--bootstrap-actions " + quoted(text(actions(body.path("BootstrapActions")))));
        options.addAll(
                instances(body.path("Instances"), body.path("JobFlowRole").asString("")));
        options.add("--no-auto-terminate");
        return "aws emr create-cluster \\\n  " + String.join(" \\\n  ", options);
    }

    private static List<String> instances(JsonNode instances, String profile) {
        List<String> options = new ArrayList<>();
        ObjectNode attributes = JSON.createObjectNode().put("InstanceProfile", profile);
        if (instances.has("Ec2SubnetId")) {
            attributes.set("SubnetId", instances.path("Ec2SubnetId"));
        }
        if (instances.has("Ec2SubnetIds")) {
            attributes.set("SubnetIds", instances.path("Ec2SubnetIds"));
        }
        options.add("--ec2-attributes " + quoted(text(attributes)));
        if (instances.has("InstanceGroups")) {
            options.add("--instance-groups " + quoted(text(groups(instances.path("InstanceGroups")))));
        }
        if (instances.has("InstanceFleets")) {
            options.add("--instance-fleets " + quoted(text(instances.path("InstanceFleets"))));
        }
        options.add("--no-termination-protected");
        return options;
    }

    /** The command line's own names: InstanceGroupType, and a bid price for what is Spot. */
    private static ArrayNode groups(JsonNode groups) {
        ArrayNode out = JSON.createArrayNode();
        for (JsonNode group : groups) {
            ObjectNode one = out.addObject();
            one.put("Name", group.path("Name").asString());
            one.put("InstanceGroupType", group.path("InstanceRole").asString());
            one.put("InstanceType", group.path("InstanceType").asString());
            one.put("InstanceCount", group.path("InstanceCount").asInt());
            if (group.path("Market").asString("").equals("SPOT")) {
                one.put("BidPrice", "OnDemandPrice");
            }
            if (group.has("EbsConfiguration")) {
                one.set("EbsConfiguration", group.path("EbsConfiguration"));
            }
        }
        return out;
    }

    private static ArrayNode actions(JsonNode actions) {
        ArrayNode out = JSON.createArrayNode();
        for (JsonNode action : actions) {
            JsonNode script = action.path("ScriptBootstrapAction");
            ObjectNode one = out.addObject().put("Name", action.path("Name").asString());
            one.put("Path", script.path("Path").asString());
            if (script.has("Args")) {
                one.set("Args", script.path("Args"));
            }
        }
        return out;
    }

    private static String names(JsonNode applications) {
        return stream(applications)
                .map(each -> "Name=" + each.path("Name").asString())
                .collect(Collectors.joining(" "));
    }

    private static String tags(JsonNode tags) {
        return stream(tags)
                .map(tag -> quoted(
                        tag.path("Key").asString() + "=" + tag.path("Value").asString()))
                .collect(Collectors.joining(" "));
    }

    private static java.util.stream.Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static String text(JsonNode value) {
        return value.isContainer() ? JSON.writeValueAsString(value) : value.asString();
    }

    /** For a POSIX shell. */
    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9._:/=@+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
