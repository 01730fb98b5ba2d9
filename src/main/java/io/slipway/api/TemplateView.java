package io.slipway.api;

import io.slipway.provision.TemplateTexts;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** What an order of a template sends. */
@Schema(name = "ClusterTemplate")
record TemplateView(
        @Schema(
                description =
                        "The body of EMR's RunJobFlow as JSON text, as it is sent; only the order's id in its name and in its tag"
                                + " `slipway:order` differ. `jq -r .runJobFlow` prints it.",
                example = "{\"Name\": \"slipway-0a1b2c3d-nightly-00000000000000000000000000\"}")
        String runJobFlow,

        @Schema(description = "The same for AWS's command line.", example = "aws emr create-cluster …")
        String command,

        @Schema(
                description = "The same as a CloudFormation template, as JSON text.",
                example = "{\"AWSTemplateFormatVersion\": \"2010-09-09\"}")
        String cloudFormation,

        @Schema(description = "What may be a mistake.") List<String> warnings) {

    static TemplateView of(TemplateTexts texts) {
        return new TemplateView(texts.body(), texts.command(), texts.stack(), texts.warnings());
    }
}
