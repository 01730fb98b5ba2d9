package io.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.GetObjectPresignRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The policies under {@code examples/iam} grant what the code calls, and nothing else. */
class IamPoliciesTest {

    private static final Path FOLDER = Path.of("examples/iam");
    // The SDK's own classes need not be read: their names are enough.
    private static final JavaClasses HOUSE = ArchConfiguration.withThreadLocalScope(configuration -> {
        configuration.setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.slipway");
    });
    private static final Map<String, Set<String>> CALLS = AwsCalls.in(HOUSE, type -> true);

    @Test
    void everyCallToAwsHasItsAction() {
        assertThat(CALLS.entrySet())
                .as("AwsCalls names the IAM action of each method; look it up in the service authorization reference")
                .allSatisfy(call -> assertThat(AwsCalls.isKnown(call.getKey()))
                        .as(call.toString())
                        .isTrue());
    }

    @Test
    void theServiceMayCallWhatItCallsAndNothingElse() throws IOException {
        assertThat(AwsCalls.actions(CALLS.keySet())).isNotEmpty().isEqualTo(actions("service.json"));
    }

    @Test
    void seesCallsInLambdasAndMethodReferencesAndByOtherClientsOfTheSdk() {
        assertThat(CALLS.keySet())
                .contains("EmrClient.addJobFlowSteps", "EmrClient.listSteps", "S3Client.uploadPart")
                .contains("SqsClient.receiveMessage", "S3Client.listObjectsV2Paginator");
        JavaClasses here = new ClassFileImporter().importClasses(Calls.class);
        assertThat(AwsCalls.in(here, type -> true).keySet())
                .containsExactlyInAnyOrder(
                        "EmrClient.removeTags", "S3Client.deleteBucket", "S3Presigner.presignGetObject")
                .noneMatch(AwsCalls::isKnown);
    }

    /** Calls that Slipway does not make. */
    @SuppressWarnings("unused")
    private static final class Calls {
        private final Consumer<EmrClient> inLambda = emr -> emr.removeTags(request -> {});

        private void call(
                Stream<Consumer<software.amazon.awssdk.services.s3.model.DeleteBucketRequest.Builder>> all,
                S3Client s3) {
            all.forEach(s3::deleteBucket);
        }

        private Object sign(S3Presigner presigner, GetObjectPresignRequest request) {
            return presigner.presignGetObject(request);
        }
    }

    @Test
    void grantsNamedActionsOnNamedResources() throws IOException {
        for (String file : List.of("service.json", "instance-profile.json", "runtime-role.json", "sources.json")) {
            for (JsonNode statement : statements(file)) {
                assertThat(statement.path("Effect").asString()).isEqualTo("Allow");
                assertThat(texts(statement, "Action")).as(file).isNotEmpty().noneMatch(action -> action.contains("*"));
                assertThat(texts(statement, "Resource"))
                        .isNotEmpty()
                        // ListClusters knows no resource, and RunJobFlow none that is there yet.
                        .allMatch(resource -> resource.startsWith("arn:aws:")
                                || texts(statement, "Action").equals(Set.of("elasticmapreduce:ListClusters"))
                                || texts(statement, "Action").equals(Set.of("elasticmapreduce:RunJobFlow")));
            }
        }
    }

    @Test
    void whoReadsSourcesMayCallWhatTheyCallAndNothingOfTheService() throws IOException {
        Set<String> calls = AwsCalls.in(HOUSE, type -> type.getPackageName().equals("io.slipway.sources.s3"))
                .keySet();
        assertThat(calls).contains("S3Client.headObject", "S3Client.getObject", "S3Client.listObjectsV2");
        assertThat(AwsCalls.actions(calls)).isEqualTo(actions("sources.json"));
        assertThat(resources("sources.json", "s3:GetObject"))
                .noneMatch(resource -> resource.startsWith("arn:aws:s3:::my-bucket"));
    }

    @Test
    void whoRunsAProjectReadsWhatTheServiceStages() throws IOException {
        Set<String> staged = resources("service.json", "s3:PutObject");
        assertThat(staged).hasSize(1);
        assertThat(resources("runtime-role.json", "s3:GetObject")).isEqualTo(staged);
        assertThat(resources("instance-profile.json", "s3:GetObject")).isEqualTo(staged);
        assertThat(resources("service.json", "s3:GetObject"))
                .as("the logs that a cluster writes are read by the service")
                .containsAll(written("instance-profile.json"));
        assertThat(written("runtime-role.json"))
                .as("a project cannot change what is staged")
                .isEmpty();
        assertThat(resources("runtime-role.json", "s3:PutObject"))
                .as("its driver shows what it prints, and a build what it made")
                .containsExactlyInAnyOrder(
                        "arn:aws:s3:::my-bucket/slipway/live/*",
                        "arn:aws:s3:::my-bucket/slipway/live-ends/*",
                        "arn:aws:s3:::my-bucket/slipway/results/*",
                        "arn:aws:s3:::my-bucket/slipway/builds/*");
    }

    /** Beside the places of the live channel, and of builds, of which nothing is believed. */
    private static Set<String> written(String file) throws IOException {
        return resources(file, "s3:PutObject").stream()
                .filter(resource -> !resource.matches(".*/(live|live-ends|results|builds)/\\*"))
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void theClusterMayBecomeTheRolesThatTheServiceMayName() throws IOException {
        Set<String> named = texts(
                statement("service.json", "StartByRuntimeRole")
                        .path("Condition")
                        .path("ArnLike"),
                "elasticmapreduce:ExecutionRoleArn");
        assertThat(named).isNotEmpty().isEqualTo(resources("instance-profile.json", "sts:AssumeRole"));
        JsonNode trust = statements("runtime-role-trust.json").get(0);
        assertThat(texts(trust, "Action"))
                .isEqualTo(texts(statement("instance-profile.json", "BecomeTheRuntimeRole"), "Action"));
        assertThat(statement("service.json", "StartAsTheCluster")
                        .at("/Condition/Null/elasticmapreduce:ExecutionRoleArn")
                        .asString())
                .as("a step without a role is a statement of its own, which can be left out")
                .isEqualTo("true");
    }

    @Test
    void theReadmeNamesEveryFileAndOnlyStatementsThatAreThere() throws IOException {
        String readme = Files.readString(FOLDER.resolve("README.md"));
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json")))
                    .hasSize(5)
                    .allSatisfy(name -> assertThat(readme).contains("| `" + name + "` |"));
        }
        assertThat(Stream.of("StartByRuntimeRole", "Events", "FindClusters", "OrderClusters", "TagOrderedClusters"))
                .allSatisfy(sid -> assertThat(readme).contains("`" + sid + "`"))
                .allSatisfy(sid -> assertThat(statement("service.json", sid)).isNotNull());
    }

    /** EMR checks these with RunJobFlow, when there is no cluster whose tags could meet a condition. */
    @Test
    void whatComesWithANewClusterAsksForNoTagsThatItHas() throws IOException {
        Set<String> withTheCall = Set.of(
                "elasticmapreduce:RunJobFlow",
                "elasticmapreduce:AddTags",
                "elasticmapreduce:PutAutoTerminationPolicy",
                "elasticmapreduce:PutManagedScalingPolicy");
        assertThat(statements("service.json"))
                .filteredOn(statement -> texts(statement, "Action").stream().anyMatch(withTheCall::contains))
                .isNotEmpty()
                .noneMatch(statement -> statement.path("Condition").toString().contains("ResourceTag"));
    }

    private static Set<String> actions(String file) throws IOException {
        Set<String> actions = new TreeSet<>();
        for (JsonNode statement : statements(file)) {
            actions.addAll(texts(statement, "Action"));
        }
        return actions;
    }

    private static Set<String> resources(String file, String action) throws IOException {
        Set<String> resources = new TreeSet<>();
        for (JsonNode statement : statements(file)) {
            if (texts(statement, "Action").contains(action)) {
                resources.addAll(texts(statement, "Resource"));
            }
        }
        return resources;
    }

    private static JsonNode statement(String file, String sid) throws IOException {
        return statements(file)
                .valueStream()
                .filter(statement -> statement.path("Sid").asString().equals(sid))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode statements(String file) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(FOLDER.resolve(file)))
                .path("Statement");
    }

    private static Set<String> texts(JsonNode node, String field) {
        Set<String> texts = new TreeSet<>();
        node.path(field).forEach(each -> texts.add(each.asString()));
        return texts;
    }
}
