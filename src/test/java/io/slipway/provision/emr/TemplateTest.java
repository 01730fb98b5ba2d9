package io.slipway.provision.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.aws.MovableClock;
import io.slipway.compute.emr.OrderedEmr;
import io.slipway.compute.emr.client.Release;
import io.slipway.compute.emr.client.ReleaseFacts;
import io.slipway.provision.ClusterProvider;
import io.slipway.provision.OrderAnswer;
import io.slipway.provision.OrderIntent;
import io.slipway.provision.TemplateTexts;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a template may say, and what it sends. */
class TemplateTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ClusterName NAME = new ClusterName("0a1b2c3d", "spark", "0".repeat(26));

    private static JsonNode body(Map<String, String> also) {
        EmrTemplate template = EmrOrders.templates(also).byCluster().get("spark");
        return WireJson.of(new RunJobFlowBody(template, URI.create("s3://b/bootstrap.sh")).of(NAME, "hash", 0));
    }

    private static Map<String, String> properties(JsonNode body, String classification) {
        Map<String, String> found = new HashMap<>();
        for (JsonNode each : body.path("Configurations")) {
            if (each.path("Classification").asString().equals(classification)) {
                JsonNode from = each.has("Properties")
                        ? each.path("Properties")
                        : each.path("Configurations").path(0).path("Properties");
                from.properties()
                        .forEach(one -> found.put(one.getKey(), one.getValue().asString()));
            }
        }
        return found;
    }

    private static java.util.List<String> warnings(Map<String, String> also) {
        EmrTemplate template = EmrOrders.templates(also).byCluster().get("spark");
        return TemplateCheck.warnings(
                template,
                new RunJobFlowBody(template, URI.create("s3://b/x"))
                        .classifications()
                        .translated());
    }

    @Test
    void theLeastTemplateSendsWhatGuardsMoney() {
        JsonNode body = body(Map.of());

        assertThat(body.path("AutoTerminationPolicy").path("IdleTimeout").asInt())
                .as("ten minutes after ours")
                .isEqualTo(25 * 60);
        assertThat(body.at("/Instances/KeepJobFlowAliveWhenNoSteps").asBoolean())
                .isTrue();
        assertThat(body.at("/Instances/TerminationProtected").asBoolean()).isFalse();
        assertThat(body.at("/BootstrapActions/0/ScriptBootstrapAction/Args").toString())
                .as("24 h and one more, in minutes")
                .isEqualTo("[\"--life\",\"1500\"]");
        assertThat(body.path("Tags").toString()).contains("for-use-with-amazon-emr-managed-policies");
        assertThat(body.path("ServiceRole").asString()).isEqualTo("EMR_DefaultRole");
        assertThat(properties(body, "spark-env")).containsEntry("PYSPARK_PYTHON", "/usr/bin/python3");
    }

    @Test
    void pythonAndPackagesAreOneWordEach() {
        JsonNode body = body(Map.of("python.version", "3.11", "python.packages", "numpy==2.1.3,pandas"));

        assertThat(body.at("/BootstrapActions/0/ScriptBootstrapAction/Args").toString())
                .isEqualTo("[\"--python\",\"3.11\",\"--life\",\"1500\",\"--packages\",\"numpy==2.1.3\",\"pandas\"]");
        assertThat(properties(body, "spark-env")).containsEntry("PYSPARK_PYTHON", "/opt/slipway/python/bin/python");
    }

    @ParameterizedTest
    @CsvSource({
        "emr-5.36.2, spark.sql.execution.arrow.enabled",
        "emr-6.1.0, spark.sql.execution.arrow.pyspark.enabled",
        "emr-7.14.0, spark.sql.execution.arrow.pyspark.enabled",
        "emr-spark-8.0.0, spark.sql.execution.arrow.pyspark.enabled"
    })
    void arrowHasTheNameThatTheReleasesSparkKnows(String release, String setting) {
        assertThat(properties(body(Map.of("release", release, "arrow", "true")), "spark-defaults"))
                .containsEntry(setting, "true");
    }

    @Test
    void whatTheSettingsSayComesBeforeWhatWeWouldSay() {
        JsonNode body = body(Map.of("arrow", "true", "maximize-resource-allocation", "true", "configurations", """
            [{"Classification": "spark-defaults", "Properties": {"spark.sql.execution.arrow.pyspark.enabled": "false", "spark.x": 1}},
             {"Classification": "spark-env", "Configurations": [{"Classification": "export",
               "Properties": {"PYSPARK_PYTHON": "/opt/mine/python"}}]}]\
            """));

        assertThat(properties(body, "spark-defaults"))
                .containsEntry("spark.sql.execution.arrow.pyspark.enabled", "false")
                .containsEntry("spark.x", "1");
        assertThat(properties(body, "spark-env")).containsEntry("PYSPARK_PYTHON", "/opt/mine/python");
        assertThat(properties(body, "spark")).containsEntry("maximizeResourceAllocation", "true");
    }

    @Test
    void theSpellingOfCloudFormationIsTranslatedAndTold() {
        Map<String, String> theirs = Map.of(
                "configurations",
                "[{\"Classification\": \"spark\", \"ConfigurationProperties\": {\"maximizeResourceAllocation\":"
                        + " \"true\"}}]");

        assertThat(properties(body(theirs), "spark")).containsEntry("maximizeResourceAllocation", "true");
        assertThat(body(theirs).toString()).doesNotContain("ConfigurationProperties");
        assertThat(warnings(theirs)).anyMatch(each -> each.contains("CloudFormation's spelling"));
    }

    @Test
    void maximizeResourceAllocationIsWarnedOfWhereItHurts() {
        assertThat(warnings(Map.of("maximize-resource-allocation", "true"))).isEmpty();
        assertThat(warnings(Map.of("maximize-resource-allocation", "true", "step-concurrency", "4")))
                .singleElement()
                .asString()
                .contains("step-concurrency 4");
        assertThat(warnings(fleets(Map.of("maximize-resource-allocation", "true"))))
                .singleElement()
                .asString()
                .contains("fleets");
    }

    private static Map<String, String> fleets(Map<String, String> also) {
        Map<String, String> all = new HashMap<>(also);
        all.putAll(Map.of(
                "instances.primary", "",
                "instances.core.type", "",
                "instances.core.count", "",
                "fleets.primary.types", "m7g.xlarge",
                "fleets.primary.on-demand", "1",
                "fleets.core.types", "m7g.xlarge,m6g.xlarge",
                "fleets.core.spot", "4"));
        return all;
    }

    @Test
    void fleetsAndManagedScalingCountInUnits() {
        JsonNode body = body(fleets(Map.of("managed-scaling.min", "2", "managed-scaling.max", "10")));

        assertThat(body.at("/Instances/InstanceFleets/1/TargetSpotCapacity").asInt())
                .isEqualTo(4);
        assertThat(body.at("/ManagedScalingPolicy/ComputeLimits/UnitType").asString())
                .isEqualTo("InstanceFleetUnits");
        assertThat(properties(body, "spark-defaults")).containsEntry("spark.dynamicAllocation.enabled", "true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"emr-5.29.0", "emr-5.19.0", "emr-6.0.0", "emr-6.0.1"})
    void releasesThatCannotEndByThemselvesAreRefusedWithTheReason(String release) {
        assertThatThrownBy(() -> EmrOrders.templates(Map.of("release", release)))
                .hasMessageContaining("slipway.clusters.spark.emr.template.release is " + release)
                .hasMessageContaining("5.30 or newer, and not 6.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"emr-5.30.0", "emr-5.36.2", "emr-6.1.0", "emr-7.14.0", "emr-spark-8.0.0"})
    void othersAreTaken(String release) {
        assertThat(EmrOrders.templates(Map.of("release", release)).byCluster()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "release | seven | is no EMR release",
                "idle-timout | 5m | idle-timout is not known; known are ami, arrow",
                "most | 0 | .most is 0; it is 1 to 100",
                "step-concurrency | 257 | .step-concurrency is 257; it is 1 to 256",
                "idle-timeout | 10s | .idle-timeout is PT10S; it is PT1M to PT168H",
                "python.version | 3.6 | which emr-7.14.0 cannot have; it has 3.9, 3.11",
                "python.version | three | it is a version such as",
                "python.packages | numpy; rm -rf / | is no package",
                "subnet-ids | vpc-1 | is no subnet",
                "log-uri | /logs | it is a folder such as s3://",
                "fleets.primary.types | m7g.xlarge | needs either instances or fleets",
                "instances.core.count | -1 | a group has 0 to 2000",
                "tags.slipway:order | x | are taken",
                "configurations | {} | must be a JSON list",
                "configurations | [{\"Classification\": \"spark\", \"Property\": {}}] | has 'Property' in spark",
                "managed-scaling.min | 0 | min is at least 1",
                "cloudwatch-logs | true | needs emr-7.11.0"
            })
    void aFaultIsOneSentenceThatNamesTheSetting(String setting, String value, String words) {
        Map<String, String> also = new HashMap<>(Map.of(setting.replace("slipway:order", "[slipway:order]"), value));
        if (setting.equals("cloudwatch-logs")) {
            also.put("release", "emr-7.10.0");
        }
        if (setting.equals("managed-scaling.min")) {
            also.put("managed-scaling.max", "5");
        }
        assertThatThrownBy(() -> EmrOrders.templates(also))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("slipway.clusters.spark.emr.template")
                .hasMessageContaining(words);
    }

    @Test
    void whatIsShownIsWhatIsSent() throws IOException {
        MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));
        try (OrderedEmr account = new OrderedEmr(clock, new SimpleMeterRegistry())) {
            ClusterProvider provider = EmrOrders.provider(
                    account,
                    Map.of("subnet-ids", "subnet-0abc1", "managed-scaling.min", "1", "managed-scaling.max", "4"));
            JsonNode shown = JSON.readTree(provider.texts("spark").body());
            OrderAnswer answer = provider.order(new OrderIntent("0".repeat(26), "spark", 0, clock.instant()));

            assertThat(answer).isInstanceOf(OrderAnswer.Taken.class);
            assertThat(account.emr.calls("RunJobFlow").get(0).body()).isEqualTo(shown);
        }
    }

    /** All that a template may say but instances: quotes, spaces and signs that a shell would take for its own among it. */
    private static Map<String, String> everything() {
        return Map.ofEntries(
                Map.entry("release", "emr-7.14.0"),
                Map.entry("python.version", "3.11"),
                Map.entry("python.packages", "numpy<3,pandas"),
                Map.entry("arrow", "true"),
                Map.entry("maximize-resource-allocation", "true"),
                Map.entry("bootstrap-actions[0].name", "it's mine"),
                Map.entry("bootstrap-actions[0].path", "s3://my-code/prepare.sh"),
                Map.entry("bootstrap-actions[0].args", "a b,$HOME,*"),
                Map.entry(
                        "configurations",
                        "[{\"Classification\": \"yarn-site\", \"Properties\": {\"yarn.x\": \"it's $1\"}}]"),
                Map.entry("subnet-ids", "subnet-0aaa1,subnet-0bbb2"),
                Map.entry("service-role", "my-service-role"),
                Map.entry("instance-profile", "my-profile"),
                Map.entry("security-configuration", "with roles"),
                Map.entry("cloudwatch-logs", "true"),
                Map.entry("tags.team", "data & co"),
                Map.entry("ami", "ami-0abc12"),
                Map.entry("ebs.root-gb", "64"),
                Map.entry("ebs.size-gb", "200"),
                Map.entry("managed-scaling.min", "2"),
                Map.entry("managed-scaling.max", "10"),
                Map.entry("managed-scaling.max-core", "3"),
                Map.entry("managed-scaling.max-on-demand", "4"),
                Map.entry("step-concurrency", "3"));
    }

    private static Map<String, String> groups(Map<String, String> also) {
        Map<String, String> all = new HashMap<>(also);
        all.putAll(Map.of(
                "instances.task.type", "m7g.large",
                "instances.task.count", "1",
                "instances.task.spot", "true"));
        return all;
    }

    static Stream<Map<String, String>> templates() {
        return Stream.of(Map.of(), groups(everything()), fleets(everything()));
    }

    @ParameterizedTest
    @MethodSource("templates")
    void theBodyTheCommandAndTheStackSayTheSame(Map<String, String> template) throws Exception {
        MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));
        try (OrderedEmr account = new OrderedEmr(clock, new SimpleMeterRegistry())) {
            TemplateTexts texts = EmrOrders.provider(account, template).texts("spark");
            JsonNode body = JSON.readTree(texts.body());

            assertThat(TemplateForms.ofStack(texts.stack())).isEqualTo(body);
            assertThat(TemplateForms.ofCommand(texts.command())).isEqualTo(body);
        }
    }

    @Test
    void everyPartOfATemplateReachesTheBody() {
        JsonNode body = body(groups(everything()));

        assertThat(body.path("CustomAmiId").asString()).isEqualTo("ami-0abc12");
        assertThat(body.path("EbsRootVolumeSize").asInt()).isEqualTo(64);
        assertThat(body.path("SecurityConfiguration").asString()).isEqualTo("with roles");
        assertThat(body.path("StepConcurrencyLevel").asInt()).isEqualTo(3);
        assertThat(body.at("/MonitoringConfiguration/CloudWatchLogConfiguration/Enabled")
                        .asBoolean())
                .isTrue();
        assertThat(body.path("Applications").toString()).contains("AmazonCloudWatchAgent");
        assertThat(body.at("/ManagedScalingPolicy/ComputeLimits/MaximumCoreCapacityUnits")
                        .asInt())
                .isEqualTo(3);
        assertThat(body.at("/Instances/InstanceGroups/2/Market").asString()).isEqualTo("SPOT");
        assertThat(body.at(
                                "/Instances/InstanceGroups/2/EbsConfiguration/EbsBlockDeviceConfigs/0/VolumeSpecification/SizeInGB")
                        .asInt())
                .isEqualTo(200);
        assertThat(body.at("/BootstrapActions/1/ScriptBootstrapAction/Args/1").asString())
                .isEqualTo("$HOME");
        assertThat(body.path("JobFlowRole").asString()).isEqualTo("my-profile");
    }

    @Test
    void withFleetsEmrChoosesAmongAllSubnets() {
        JsonNode body = body(fleets(Map.of("subnet-ids", "subnet-0aaa1,subnet-0bbb2")));

        assertThat(body.at("/Instances/Ec2SubnetIds").toString()).isEqualTo("[\"subnet-0aaa1\",\"subnet-0bbb2\"]");
        assertThat(body.path("Instances").has("Ec2SubnetId")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "emr-5.19.0, 2.3.2, 3.4, AL1",
        "emr-5.29.0, 2.4.4, 3.6, AL1",
        "emr-6.0.0, 2.4.4, 3.7, AL2",
        "emr-6.15.0, 3.4.1, 3.7, AL2",
        "emr-7.0.0, 3.5.0, 3.9, AL2023",
        "emr-7.14.0, 3.5.8, 3.9, AL2023",
        "emr-spark-8.0.0, 4.0.2, 3.11, AL2023"
    })
    void theReleasesAreKnown(String label, String spark, String python, ReleaseFacts.Linux linux) {
        assertThat(Release.of(label).flatMap(ReleaseFacts::of)).hasValueSatisfying(facts -> {
            assertThat(facts.spark()).isEqualTo(spark);
            assertThat(facts.python()).isEqualTo(python);
            assertThat(facts.linux()).isEqualTo(linux);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"emr-5.18.0", "emr-7.15.0", "emr-spark-8.1.0"})
    void whatIsNotKnownIsNotGuessed(String label) {
        assertThat(Release.of(label).flatMap(ReleaseFacts::of)).isEmpty();
    }
}
