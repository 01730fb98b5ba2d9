package io.slipway.api;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.ClassPathResource;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.method.HandlerMethod;
import tools.jackson.databind.json.JsonMapper;

/** The API's description: every answer with an example, every problem from the one table. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String PROBLEM = "application/problem+json";

    /** What any operation may answer with. */
    private static final List<ProblemType> EVERYWHERE = List.of(
            ProblemType.MALFORMED_REQUEST,
            ProblemType.INVALID_PARAMETER,
            ProblemType.UNAUTHORIZED,
            ProblemType.NOT_ACCEPTABLE,
            ProblemType.UNKNOWN_HOST,
            ProblemType.INTERNAL_ERROR,
            ProblemType.TOO_MANY_CLIENTS,
            ProblemType.DATABASE_UNAVAILABLE);

    /** What any operation may answer with that changes something. */
    private static final List<ProblemType> ON_CHANGE = List.of(
            ProblemType.CROSS_ORIGIN,
            ProblemType.CSRF_TOKEN,
            ProblemType.UNSUPPORTED_MEDIA_TYPE,
            ProblemType.TOO_SLOW,
            ProblemType.BODY_TOO_LARGE);

    private final JsonMapper json;

    OpenApiConfiguration(JsonMapper json) {
        this.json = json;
    }

    @Bean
    OpenAPI description() {
        return new OpenAPI()
                .info(new Info()
                        .title("Slipway")
                        .version("1")
                        .license(new License().name("Apache-2.0"))
                        .description("""
                            Runs whole PySpark projects, unchanged. `POST /jobs` takes a project archive and answers 202; \
                            `GET /jobs/{id}` shows where it stands; `GET /jobs/{id}/logs/stdout` what it printed. \
                            Errors are problems (RFC 9457) whose `type` never changes.\
                            """))
                .components(new Components()
                        .addSchemas("Problem", problemSchema())
                        .addSchemas(SpecSchema.NAME, new SpecSchema(json).schema())
                        .addSecuritySchemes(
                                "token",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("Needed when slipway.security.tokens are configured.")))
                .addSecurityItem(new SecurityRequirement().addList("token"));
    }

    @Bean
    GlobalOperationCustomizer examplesAndProblems() {
        return (operation, handler) -> {
            addExample(operation);
            addProblems(operation.getResponses(), problemsOf(handler));
            return operation;
        };
    }

    /** Else pages that try the API send a text of their own; of an array of files, no annotation can say it. */
    @Bean
    OpenApiCustomizer noConfigFilesByThemselves() {
        return api -> Objects.requireNonNull(api.getComponents().getSchemas().get("SubmitJob"))
                .getProperties()
                .forEach((name, property) -> {
                    if (name.equals("config")) {
                        ((Schema<?>) property).setExample(List.of());
                    }
                });
    }

    private void addExample(Operation operation) {
        operation.getResponses().forEach((status, response) -> {
            if (response.getContent() != null) {
                response.getContent().forEach((type, content) -> content.example(example(operation, status, type)));
            }
        });
    }

    private Object example(Operation operation, String status, String type) {
        String name = "openapi/" + operation.getOperationId();
        List<String> files = type.equals("text/event-stream")
                ? List.of(name + ".stream.txt")
                : List.of(name + "-" + status + ".json", name + ".json", name + ".txt");
        try {
            for (String file : files) {
                ClassPathResource resource = new ClassPathResource(file);
                if (resource.exists()) {
                    return read(resource, file.endsWith(".json"));
                }
            }
            throw new IllegalStateException("no example for " + name);
        } catch (IOException unreadable) {
            throw new IllegalStateException("the example of " + name + " cannot be read", unreadable);
        }
    }

    private Object read(ClassPathResource resource, boolean asJson) throws IOException {
        try (InputStream in = resource.getInputStream()) {
            byte[] bytes = in.readAllBytes();
            return asJson
                    ? json.readValue(bytes, Map.class)
                    : new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static List<ProblemType> problemsOf(HandlerMethod handler) {
        MayFail declared = AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), MayFail.class);
        Set<ProblemType> problems = new LinkedHashSet<>();
        if (handler.hasMethodAnnotation(PostMapping.class)) {
            problems.addAll(ON_CHANGE);
        }
        if (declared != null) {
            problems.addAll(Arrays.asList(declared.value()));
        }
        problems.addAll(EVERYWHERE);
        return List.copyOf(problems);
    }

    private static void addProblems(ApiResponses responses, List<ProblemType> problems) {
        Map<Integer, List<ProblemType>> byStatus = problems.stream()
                .collect(Collectors.groupingBy(type -> type.status().value(), TreeMap::new, Collectors.toList()));
        byStatus.forEach((status, types) -> responses.addApiResponse(Integer.toString(status), response(types)));
    }

    private static ApiResponse response(List<ProblemType> types) {
        MediaType content = new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"));
        types.forEach(type -> content.addExamples(
                type.type().toString().substring("urn:slipway:problem:".length()),
                new Example().summary(type.title()).value(example(type))));
        return new ApiResponse()
                .description(types.stream().map(ProblemType::title).collect(Collectors.joining(". ")) + ".")
                .content(new Content().addMediaType(PROBLEM, content));
    }

    private static Map<String, Object> example(ProblemType type) {
        return Map.of(
                "type", type.type().toString(),
                "title", type.title(),
                "status", type.status().value(),
                "detail", type.example(),
                "instance", "/jobs");
    }

    private static Schema<?> problemSchema() {
        Schema<?> error = object("A field or file at fault.")
                .addProperty("at", text("A field's name, or a path in the project."))
                .addProperty("message", text("What is wrong with it."))
                .addProperty("code", text("Of a finding; stable."))
                .required(List.of("at", "message"));
        return object("RFC 9457. Its `type` names the kind of problem and never changes.")
                .addProperty("type", text("One of " + allTypes() + ".").format("uri"))
                .addProperty("title", text("The type in words."))
                .addProperty("status", new JsonSchema().types(Set.of("integer")).description("As the answer has it."))
                .addProperty("detail", text("What happened and what to do."))
                .addProperty("instance", text("The address that was asked.").format("uri-reference"))
                .addProperty("job", text("Of idempotency-key-reused: the job that has the key."))
                .addProperty(
                        "errors",
                        new JsonSchema()
                                .types(Set.of("array"))
                                .items(error)
                                .description("One for each field or file at fault."))
                .required(List.of("type", "title", "status", "detail"));
    }

    private static String allTypes() {
        return Arrays.stream(ProblemType.values())
                .map(type -> "`" + type.type() + "`")
                .collect(Collectors.joining(", "));
    }

    private static Schema<?> object(String description) {
        return new JsonSchema().types(Set.of("object")).description(description);
    }

    private static Schema<?> text(String description) {
        return new JsonSchema().types(Set.of("string")).description(description);
    }
}
