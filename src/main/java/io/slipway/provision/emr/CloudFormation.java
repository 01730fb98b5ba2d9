package io.slipway.provision.emr;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The body of RunJobFlow as a CloudFormation template with one {@code AWS::EMR::Cluster}. */
final class CloudFormation {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CloudFormation() {}

    static ObjectNode of(ObjectNode body) {
        ObjectNode properties = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            switch (field.getKey()) {
                case "Instances" -> properties.set("Instances", instances(field.getValue()));
                case "Configurations" -> properties.set("Configurations", configurations(field.getValue()));
                default -> properties.set(field.getKey(), field.getValue());
            }
        }
        ObjectNode cluster = JSON.createObjectNode().put("Type", "AWS::EMR::Cluster");
        cluster.set("Properties", properties);
        ObjectNode stack = JSON.createObjectNode().put("AWSTemplateFormatVersion", "2010-09-09");
        stack.putObject("Resources").set("Cluster", cluster);
        return stack;
    }

    private static ObjectNode instances(JsonNode instances) {
        ObjectNode out = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> field : instances.properties()) {
            switch (field.getKey()) {
                case "InstanceGroups" ->
                    field.getValue().forEach(group -> put(out, group, "InstanceRole", "InstanceGroup"));
                case "InstanceFleets" ->
                    field.getValue().forEach(fleet -> put(out, fleet, "InstanceFleetType", "InstanceFleet"));
                default -> out.set(field.getKey(), field.getValue());
            }
        }
        return out;
    }

    /** One of master and core each, by name; task ones are a list. */
    private static void put(ObjectNode out, JsonNode one, String role, String kind) {
        ObjectNode plain = ((ObjectNode) one).deepCopy();
        plain.remove(role);
        switch (one.path(role).asString()) {
            case "MASTER" -> out.set("Master" + kind, plain);
            case "CORE" -> out.set("Core" + kind, plain);
            default -> out.withArray("Task" + kind + "s").add(plain);
        }
    }

    private static ArrayNode configurations(JsonNode configurations) {
        ArrayNode out = JSON.createArrayNode();
        for (JsonNode each : configurations) {
            ObjectNode one = out.addObject();
            one.set("Classification", each.path("Classification"));
            if (each.has("Properties")) {
                one.set("ConfigurationProperties", each.path("Properties"));
            }
            if (each.has("Configurations")) {
                one.set("Configurations", configurations(each.path("Configurations")));
            }
        }
        return out;
    }
}
