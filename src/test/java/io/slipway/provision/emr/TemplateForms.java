package io.slipway.provision.emr;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the other forms of a template back into the body of RunJobFlow, as AWS's command line and CloudFormation do. */
final class TemplateForms {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, String> ROLES = new TreeMap<>(Map.of("Master", "MASTER", "Core", "CORE"));

    private TemplateForms() {}

    static JsonNode ofStack(String stack) {
        ObjectNode body = (ObjectNode) JSON.readTree(stack).at("/Resources/Cluster/Properties");
        ObjectNode instances = (ObjectNode) body.path("Instances");
        for (String kind : List.of("Group", "Fleet")) {
            String role = kind.equals("Group") ? "InstanceRole" : "InstanceFleetType";
            List<JsonNode> all = new ArrayList<>();
            for (String name : List.of("Master", "Core")) {
                JsonNode one = instances.remove(name + "Instance" + kind);
                if (one != null) {
                    all.add(((ObjectNode) one).put(role, ROLES.get(name)));
                }
            }
            JsonNode tasks = instances.remove("TaskInstance" + kind + "s");
            if (tasks != null) {
                tasks.forEach(task -> all.add(((ObjectNode) task).put(role, "TASK")));
            }
            if (!all.isEmpty()) {
                instances.putArray("Instance" + kind + "s").addAll(all);
            }
        }
        renamed(body.path("Configurations"));
        return body;
    }

    private static void renamed(JsonNode configurations) {
        for (JsonNode each : configurations) {
            JsonNode properties = ((ObjectNode) each).remove("ConfigurationProperties");
            if (properties != null) {
                ((ObjectNode) each).set("Properties", properties);
            }
            renamed(each.path("Configurations"));
        }
    }

    /** A real shell takes the command apart. */
    static JsonNode ofCommand(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("bash", "-c", "aws() { printf '%s\\0' \"$@\"; }; eval \"$1\"", "-", command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> words = Arrays.asList(new String(shell.getInputStream().readAllBytes(), UTF_8).split("\0"));
        if (shell.waitFor() != 0 || !words.subList(0, 2).equals(List.of("emr", "create-cluster"))) {
            throw new AssertionError("the shell made " + words);
        }
        // What the command line says of itself.
        ObjectNode body = JSON.createObjectNode().put("VisibleToAllUsers", true);
        body.putObject("Instances");
        Iterator<Map.Entry<String, List<String>>> options =
                options(words.subList(2, words.size())).entrySet().iterator();
        while (options.hasNext()) {
            Map.Entry<String, List<String>> option = options.next();
            put(body, option.getKey(), option.getValue());
        }
        return body;
    }

    private static Map<String, List<String>> options(List<String> words) {
        Map<String, List<String>> options = new TreeMap<>();
        List<String> values = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith("--")) {
                values = new ArrayList<>();
                if (options.put(word.substring(2), values) != null) {
                    throw new AssertionError(word + " is said twice");
                }
            } else {
                values.add(word);
            }
        }
        return options;
    }

    private static void put(ObjectNode body, String option, List<String> values) {
        ObjectNode instances = (ObjectNode) body.path("Instances");
        String value = values.isEmpty() ? "" : values.get(0);
        switch (option) {
            case "name" -> body.put("Name", value);
            case "release-label" -> body.put("ReleaseLabel", value);
            case "log-uri" -> body.put("LogUri", value);
            case "service-role" -> body.put("ServiceRole", value);
            case "security-configuration" -> body.put("SecurityConfiguration", value);
            case "custom-ami-id" -> body.put("CustomAmiId", value);
            case "ebs-root-volume-size" -> body.put("EbsRootVolumeSize", Integer.parseInt(value));
            case "step-concurrency-level" -> body.put("StepConcurrencyLevel", Integer.parseInt(value));
            case "configurations" -> body.set("Configurations", JSON.readTree(value));
            case "managed-scaling-policy" -> body.set("ManagedScalingPolicy", JSON.readTree(value));
            case "auto-termination-policy" -> body.set("AutoTerminationPolicy", JSON.readTree(value));
            case "monitoring-configuration" -> body.set("MonitoringConfiguration", JSON.readTree(value));
            case "applications" -> {
                ArrayNode applications = body.putArray("Applications");
                values.forEach(each -> applications.addObject().put("Name", each.substring(each.indexOf('=') + 1)));
            }
            case "tags" -> {
                ArrayNode tags = body.putArray("Tags");
                values.forEach(each -> tags.addObject()
                        .put("Key", each.substring(0, each.indexOf('=')))
                        .put("Value", each.substring(each.indexOf('=') + 1)));
            }
            case "bootstrap-actions" -> actions(body.putArray("BootstrapActions"), JSON.readTree(value));
            case "ec2-attributes" -> attributes(body, instances, JSON.readTree(value));
            case "instance-groups" -> groups(instances.putArray("InstanceGroups"), JSON.readTree(value));
            case "instance-fleets" -> instances.set("InstanceFleets", JSON.readTree(value));
            case "no-termination-protected" -> instances.put("TerminationProtected", false);
            case "no-auto-terminate" -> instances.put("KeepJobFlowAliveWhenNoSteps", true);
            default -> throw new AssertionError("create-cluster has no option --" + option);
        }
    }

    private static void actions(ArrayNode out, JsonNode actions) {
        for (JsonNode action : actions) {
            ObjectNode script = JSON.createObjectNode();
            script.set("Path", action.path("Path"));
            if (action.has("Args")) {
                script.set("Args", action.path("Args"));
            }
            out.addObject().put("Name", action.path("Name").asString()).set("ScriptBootstrapAction", script);
        }
    }

    private static void attributes(ObjectNode body, ObjectNode instances, JsonNode attributes) {
        attributes.properties().forEach(each -> {
            switch (each.getKey()) {
                case "InstanceProfile" -> body.set("JobFlowRole", each.getValue());
                case "SubnetId" -> instances.set("Ec2SubnetId", each.getValue());
                case "SubnetIds" -> instances.set("Ec2SubnetIds", each.getValue());
                default -> throw new AssertionError("--ec2-attributes has " + each.getKey());
            }
        });
    }

    private static void groups(ArrayNode out, JsonNode groups) {
        for (JsonNode group : groups) {
            ObjectNode one = ((ObjectNode) group).deepCopy();
            one.set("InstanceRole", one.remove("InstanceGroupType"));
            JsonNode bid = one.remove("BidPrice");
            // "OnDemandPrice": Spot, at most at the price of On-Demand.
            one.put("Market", bid == null ? "ON_DEMAND" : "SPOT");
            out.add(one);
        }
    }
}
