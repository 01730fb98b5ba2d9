package io.slipway.provision.emr;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A request of the SDK as the JSON that it becomes on the wire; made from the SDK's own description of its fields. */
final class WireJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private WireJson() {}

    static ObjectNode of(SdkPojo value) {
        ObjectNode out = JSON.createObjectNode();
        for (SdkField<?> field : value.sdkFields()) {
            Object content = field.getValueOrDefault(value);
            if (content != null
                    && !(content instanceof SdkAutoConstructList)
                    && !(content instanceof SdkAutoConstructMap)) {
                out.set(field.locationName(), node(content));
            }
        }
        return out;
    }

    private static JsonNode node(Object content) {
        if (content instanceof SdkPojo nested) {
            return of(nested);
        }
        if (content instanceof List<?> list) {
            ArrayNode array = JSON.createArrayNode();
            list.forEach(each -> array.add(node(each)));
            return array;
        }
        if (content instanceof Map<?, ?> map) {
            ObjectNode object = JSON.createObjectNode();
            map.forEach((key, each) -> object.set(String.valueOf(key), node(each)));
            return object;
        }
        return JSON.valueToTree(content);
    }

    static String text(JsonNode node) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    }
}
