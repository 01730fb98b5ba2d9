package io.slipway.api;

import io.slipway.provision.TemplateTexts;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What an order of a template sends. */
@Schema(name = "ClusterTemplate")
record TemplateView(
        @Schema(
                description =
                        "The body of EMR's RunJobFlow, as it is sent; only the order's id in its name and in its tag `slipway:order` differ.")
        Map<String, Object> runJobFlow,

        @Schema(description = "The same for AWS's command line.", example = "aws emr create-cluster …")
        String command,

        @Schema(description = "The same as a CloudFormation template.")
        Map<String, Object> cloudFormation,

        @Schema(description = "What may be a mistake.") List<String> warnings) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static TemplateView of(TemplateTexts texts) {
        return new TemplateView(read(texts.body()), texts.command(), read(texts.stack()), texts.warnings());
    }

    private static Map<String, Object> read(String json) {
        return JSON.readValue(json, new TypeReference<>() {});
    }
}
