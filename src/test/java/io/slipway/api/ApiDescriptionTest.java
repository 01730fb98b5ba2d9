package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.api.ApiDescription.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The OpenAPI document: what the repository keeps of it, and the rules that clients and their generators rely on. */
class ApiDescriptionTest extends ApiService {

    private static final String ACCEPT = "slipway.api.accept";
    private static final Pattern REF = Pattern.compile("\"\\$ref\":\"#/components/schemas/([^\"]+)\"");
    private static final Pattern PROBLEM = Pattern.compile("urn:slipway:problem:([a-z0-9-]+)");

    private ApiDescription live() throws Exception {
        return new ApiDescription(new ObjectMapper()
                .readTree(new Service(port, null).get("/v3/api-docs").text()));
    }

    @Test
    void theRepositoryKeepsTheDocumentAsTheServiceHasIt() throws Exception {
        String now =
                ApiDescription.kept(new Service(port, null).get("/v3/api-docs").text());
        if (Boolean.getBoolean(ACCEPT)) {
            Files.writeString(ApiDescription.FILE, now);
        }
        String kept = Files.exists(ApiDescription.FILE) ? Files.readString(ApiDescription.FILE) : "";
        if (!now.equals(kept)) {
            fail(
                    "The API is described otherwise than docs/openapi.json has it. If that is meant, take it over and commit it:\n\n"
                            + "    mvn -q test -Dtest=ApiDescriptionTest -D" + ACCEPT + "=true\n\n"
                            + difference(kept, now));
        }
    }

    /** As diff shows it. */
    private static String difference(String kept, String now) throws IOException, InterruptedException {
        Path before = Files.writeString(Files.createTempFile("openapi-kept", ".json"), kept);
        Path after = Files.writeString(Files.createTempFile("openapi-now", ".json"), now);
        try {
            Process diff = new ProcessBuilder(
                            "diff",
                            "-u",
                            "--label",
                            "docs/openapi.json",
                            "--label",
                            "the service",
                            before.toString(),
                            after.toString())
                    .redirectErrorStream(true)
                    .start();
            String lines = new String(diff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            diff.waitFor();
            return lines.length() > 20_000 ? lines.substring(0, 20_000) + "\n…" : lines;
        } finally {
            Files.delete(before);
            Files.delete(after);
        }
    }

    @Test
    void everyOperationIsNamedDescribedAndSorted() throws Exception {
        ApiDescription api = live();
        Set<String> tags = new HashSet<>();
        api.api().path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
        List<String> ids = new ArrayList<>();
        for (Operation operation : api.operations()) {
            JsonNode described = operation.description();
            String id = described.path("operationId").asText();
            ids.add(id);
            assertThat(id).matches("[a-z][A-Za-z]+");
            assertThat(described.path("summary").asText()).as(id).isNotBlank().doesNotEndWith(".");
            assertThat(described.path("description").asText()).as(id).isNotBlank();
            assertThat(described.path("tags")).as(id).isNotEmpty();
            described.path("tags").forEach(tag -> assertThat(tags).contains(tag.asText()));
        }
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(12);
    }

    @Test
    void everyParameterIsDescribedAndTyped() throws Exception {
        for (Operation operation : live().operations()) {
            Set<String> inPath = new TreeSet<>();
            for (JsonNode parameter : operation.description().path("parameters")) {
                String name = parameter.path("name").asText();
                assertThat(parameter.path("description").asText())
                        .as(operation.pointer() + " " + name)
                        .isNotBlank();
                assertThat(parameter.path("schema").path("type").asText())
                        .as(name)
                        .isNotBlank();
                if (parameter.path("in").asText().equals("path")) {
                    assertThat(parameter.path("required").asBoolean()).isTrue();
                    inPath.add("{" + name + "}");
                }
            }
            Matcher named = Pattern.compile("\\{[^}]+}").matcher(operation.pointer());
            assertThat(named.results().map(each -> each.group()).toList()).containsExactlyInAnyOrderElementsOf(inPath);
        }
    }

    /** Swagger UI sends what stands in a field: an example there filters, or repeats an earlier job, without being asked to. */
    @Test
    void noOptionalParameterHasAnExampleThatPagesWouldSend() throws Exception {
        for (Operation operation : live().operations()) {
            for (JsonNode parameter : operation.description().path("parameters")) {
                String what = operation.pointer() + " " + parameter.path("name").asText();
                if (!parameter.path("required").asBoolean()) {
                    assertThat(parameter.has("example") || parameter.has("examples"))
                            .as(what)
                            .isFalse();
                    assertThat(parameter.path("schema").has("example")).as(what).isFalse();
                }
            }
        }
        JsonNode form = live().api().at("/components/schemas/SubmitJob/properties");
        assertThat(form.isEmpty()).isFalse();
        form.fields().forEachRemaining(field -> {
            JsonNode example = field.getValue().path("example");
            assertThat(example.isMissingNode() || example.isArray() && example.isEmpty())
                    .as("nothing is sent as " + field.getKey())
                    .isTrue();
            // A text without an example is sent as "string"; such fields are described beside the schema.
            assertThat(field.getValue().path("type").asText().equals("string")
                            && !field.getValue().path("format").asText().equals("binary"))
                    .as("nothing is made up for " + field.getKey())
                    .isFalse();
        });
    }

    @Test
    void everySchemaIsUsedTypedAndSaysWhatIsAlwaysThere() throws Exception {
        JsonNode api = live().api();
        Set<String> used = new TreeSet<>();
        REF.matcher(api.toString()).results().forEach(each -> used.add(each.group(1)));
        JsonNode schemas = api.path("components").path("schemas");
        Set<String> defined = new TreeSet<>();
        schemas.fieldNames().forEachRemaining(defined::add);
        assertThat(used).isEqualTo(defined);
        schemas.properties().forEach(schema -> {
            assertTyped(schema.getKey(), schema.getValue());
            if (!Set.of("JobSpec", "SubmitJob").contains(schema.getKey())) {
                assertThat(schema.getValue().path("required"))
                        .as(schema.getKey())
                        .isNotEmpty();
            }
        });
    }

    private static void assertTyped(String where, JsonNode schema) {
        assertThat(schema.has("type") || schema.has("$ref") || schema.has("anyOf"))
                .as(where + " has a type")
                .isTrue();
        schema.path("properties")
                .properties()
                .forEach(each -> assertTyped(where + "." + each.getKey(), each.getValue()));
        schema.path("anyOf").forEach(each -> assertTyped(where, each));
        if (schema.has("items")) {
            assertTyped(where + "[]", schema.path("items"));
        }
        if (schema.path("additionalProperties").isObject()) {
            assertTyped(where + ".*", schema.path("additionalProperties"));
        }
    }

    @Test
    void everyAnswerHasATypeAndAnExampleThatItsSchemaAllows() throws Exception {
        ApiDescription api = live();
        for (Operation operation : api.operations()) {
            operation
                    .description()
                    .path("responses")
                    .properties()
                    .forEach(response -> response.getValue()
                            .path("content")
                            .properties()
                            .forEach(content -> assertAnswer(
                                    api, operation, response.getKey(), content.getKey(), content.getValue())));
            assertThat(operation.description().path("responses").properties())
                    .as("refusals of " + operation.pointer())
                    .anyMatch(response -> response.getKey().startsWith("4"));
        }
    }

    private static void assertAnswer(
            ApiDescription api, Operation operation, String status, String type, JsonNode content) {
        String what = operation.pointer() + " " + status + " " + type;
        assertThat(type).as(what).doesNotContain("*");
        if (status.charAt(0) >= '4') {
            assertThat(type).as(what).isEqualTo("application/problem+json");
        }
        List<JsonNode> examples = new ArrayList<>();
        if (content.has("example")) {
            examples.add(content.path("example"));
        }
        content.path("examples").forEach(each -> examples.add(each.path("value")));
        assertThat(examples).as(what).isNotEmpty();
        if (type.endsWith("json")) {
            String pointer =
                    operation.pointer() + "/responses/" + status + "/content/" + type.replace("/", "~1") + "/schema";
            examples.forEach(each -> assertThat(api.contradictions(pointer, each))
                    .as(what + each)
                    .isEmpty());
        }
    }

    @Test
    void nullableRequiredAndPlainAreToldApart() throws Exception {
        JsonNode schemas = live().api().path("components").path("schemas");
        JsonNode job = schemas.path("Job");
        assertThat(job.path("required").toString()).contains("\"endedAt\"", "\"reason\"", "\"links\"");
        assertThat(job.path("properties").path("endedAt").path("type").toString())
                .contains("null");
        assertThat(job.path("properties").path("reason").path("anyOf").toString())
                .contains("#/components/schemas/Reason", "null");
        assertThat(job.path("properties").path("createdAt").path("type").toString())
                .doesNotContain("null");
        assertThat(schemas.path("Cluster").path("properties").has("isDefault")).isTrue();
        assertThat(schemas.path("Cluster").path("properties").has("default")).isFalse();
        assertThat(schemas.path("Plan").path("required").toString()).contains("findings");
        assertThat(schemas.path("JobSpec").has("required")).isFalse();
        assertThat(schemas.path("Problem").path("required").toString()).contains("type", "detail");
    }

    /** The table is the whole truth: what is written anywhere is in it, and what is in it is used and described. */
    @Test
    void everyTypeOfProblemIsInTheOneTableAndInUse() throws Exception {
        Set<String> table = new TreeSet<>();
        Arrays.stream(ProblemType.values()).forEach(type -> table.add(name(type)));
        String described = live().api().path("paths").toString();
        String sources = sources();
        // What no operation can answer: it is about addresses that none has.
        Set<ProblemType> ofNoOperation = Set.of(ProblemType.NOT_FOUND, ProblemType.METHOD_NOT_ALLOWED);
        for (ProblemType type : ProblemType.values()) {
            assertThat(ofNoOperation.contains(type) ? "\"" + name(type) + "\"" : described)
                    .as("an operation describes " + type)
                    .contains("\"" + name(type) + "\"");
            boolean isUsed = sources.contains("ProblemType." + type.name())
                    || sources.contains("\"" + name(type) + "\"")
                    || Arrays.stream(io.slipway.project.InvalidProject.Problem.values())
                            .anyMatch(problem -> problem.name().equals(type.name()));
            assertThat(isUsed).as(type + " is used").isTrue();
        }
        for (String refusal :
                List.of("unauthorized", "cross-origin", "csrf-token", "malformed-request", "unknown-host")) {
            assertThat(table).contains(refusal);
        }
        Matcher written = PROBLEM.matcher(sources);
        while (written.find()) {
            assertThat(table).contains(written.group(1));
        }
    }

    private static String name(ProblemType type) {
        return type.type().toString().substring("urn:slipway:problem:".length());
    }

    /** All of the service's own, but for the table and what only describes. */
    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("ProblemType.java")
                        && !name.endsWith("Api.java")
                        && !name.equals("OpenApiConfiguration.java")) {
                    all.append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }
}
