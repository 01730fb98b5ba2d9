package io.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.EmrEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The CloudFormation template of EMR's events, as far as it can be held against the facts without AWS (emr-facts, section 7). */
class EventsTemplateTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonNode template;

    /** CloudFormation's short forms become its long ones: {@code !Ref x} is {@code {Ref: x}}, {@code !GetAtt x.y} {@code {Fn::GetAtt: x.y}}. */
    private static final class ShortForms extends SafeConstructor {
        private ShortForms() {
            super(new LoaderOptions());
            yamlMultiConstructors.put("!", new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    String function = node.getTag().getValue().substring(1);
                    String name = function.equals("Ref") ? "Ref" : "Fn::" + function;
                    return Map.of(name, ((ScalarNode) node).getValue());
                }
            });
        }
    }

    @BeforeEach
    void read() throws IOException {
        Object read = new Yaml(new ShortForms()).load(Files.readString(Path.of("examples/emr-events.cfn.yaml")));
        template = JSON.valueToTree(read);
    }

    @Test
    void refersOnlyToWhatItDefines() {
        List<String> defined = new ArrayList<>();
        defined.addAll(template.path("Resources").propertyNames());
        defined.addAll(template.path("Parameters").propertyNames());
        List<JsonNode> references = new ArrayList<>(template.findValues("Ref"));
        references.addAll(template.findValues("Fn::GetAtt"));
        assertThat(references)
                .hasSizeGreaterThan(8)
                .allSatisfy(reference ->
                        assertThat(defined).contains(reference.asString().split("\\.")[0]));
        template.findValues("Fn::GetAtt")
                .forEach(attribute -> assertThat(attribute.asString()).endsWith(".Arn"));
        assertThat(template.at("/Outputs/QueueUrl/Value/Ref").asString()).isEqualTo("Events");
    }

    @Test
    void theRulePassesWhatEmrSendsAboutTheClustersAndNothingElse() {
        JsonNode pattern = template.at("/Resources/Rule/Properties/EventPattern");
        assertThat(pattern.at("/detail/clusterId/Ref").asString()).isEqualTo("ClusterIds");
        String step = EmrEvents.ofStep(Clock.systemUTC(), "j-OURS", "s-1", "squares", "RUNNING");
        assertThat(passes(pattern, step)).isTrue();
        assertThat(passes(pattern, EmrEvents.ofCluster(Clock.systemUTC(), "j-OURS", "TERMINATED")))
                .isTrue();
        assertThat(passes(pattern, step.replace("j-OURS", "j-OTHER"))).isFalse();
        assertThat(passes(pattern, step.replace("aws.emr", "aws.s3"))).isFalse();
        assertThat(passes(pattern, step.replace("Step Status", "Instance Group State")))
                .isFalse();
    }

    /** EventBridge's rule of matching: each field that the pattern names has one of the values that it lists. */
    private static boolean passes(JsonNode pattern, String event) {
        JsonNode sent = JSON.readTree(event);
        return has(pattern.path("source"), sent.path("source"))
                && has(pattern.path("detail-type"), sent.path("detail-type"))
                && sent.at("/detail/clusterId").asString().equals("j-OURS");
    }

    private static boolean has(JsonNode values, JsonNode value) {
        return values.isArray() && values.valueStream().anyMatch(value::equals);
    }

    @Test
    void theRuleAloneMaySendToBothQueues() {
        JsonNode policy = template.at("/Resources/Policy/Properties");
        JsonNode statement = policy.at("/PolicyDocument/Statement");
        assertThat(policy.path("Queues").findValuesAsString("Ref")).containsExactly("Events", "Undelivered");
        assertThat(statement).hasSize(1);
        JsonNode only = statement.get(0);
        assertThat(only.path("Effect").asString()).isEqualTo("Allow");
        assertThat(only.at("/Principal/Service").asString()).isEqualTo("events.amazonaws.com");
        assertThat(only.path("Action").asString()).isEqualTo("sqs:SendMessage");
        assertThat(only.path("Resource").findValuesAsString("Fn::GetAtt"))
                .containsExactly("Events.Arn", "Undelivered.Arn");
        assertThat(only.at("/Condition/ArnEquals")
                        .path("aws:SourceArn")
                        .path("Fn::GetAtt")
                        .asString())
                .isEqualTo("Rule.Arn");
    }

    @Test
    void whatCannotBeDeliveredOrHandledEndsInTheDeadLetterQueue() {
        JsonNode target = template.at("/Resources/Rule/Properties/Targets").get(0);
        assertThat(target.at("/Arn/Fn::GetAtt").asString()).isEqualTo("Events.Arn");
        assertThat(target.at("/DeadLetterConfig/Arn/Fn::GetAtt").asString()).isEqualTo("Undelivered.Arn");
        JsonNode redrive = template.at("/Resources/Events/Properties/RedrivePolicy");
        assertThat(redrive.at("/deadLetterTargetArn/Fn::GetAtt").asString()).isEqualTo("Undelivered.Arn");
        assertThat(redrive.path("maxReceiveCount").asInt()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aMessageIsNotToldTwiceWhileTheLoopStillLooks() {
        // Hints gives a message up after 30 s.
        assertThat(template.at("/Resources/Events/Properties/VisibilityTimeout").asInt())
                .isGreaterThan(30);
    }
}
