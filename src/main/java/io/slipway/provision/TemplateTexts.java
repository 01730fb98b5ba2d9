package io.slipway.provision;

import java.util.List;

/**
 * A template as what it sends.
 *
 * @param body of RunJobFlow, as JSON
 * @param command the same for AWS's command line
 * @param stack the same as a CloudFormation template, as JSON
 * @param warnings about it
 */
public record TemplateTexts(String body, String command, String stack, List<String> warnings) {

    public TemplateTexts {
        warnings = List.copyOf(warnings);
    }
}
