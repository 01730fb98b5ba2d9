package io.slipway.livy;

import io.slipway.project.ArtifactId;
import io.slipway.submission.ProjectSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of {@code POST /batches}. As Livy does it, an unknown field is refused; as Airflow sends them, numbers may come as text and
 * settings as numbers.
 *
 * @param project that the caller has stored, or that is fetched from S3
 * @param spec the same wishes in our own words
 * @param uris all that Spark is to read besides: the caller needs to be allowed each
 */
record CreateBatch(ProjectSource project, @Nullable String proxyUser, Map<String, Object> spec, List<String> uris) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Pattern PROJECT = Pattern.compile("slipway:sha256:([0-9a-f]{64})(?:#(.+))?");

    private static final Pattern S3 = Pattern.compile("s3[an]?://.+");

    private static final Pattern MEMORY = Pattern.compile("\\d+[kmgt]b?");

    private static final Set<String> FIELDS = Set.of(
            "file",
            "proxyUser",
            "className",
            "args",
            "jars",
            "pyFiles",
            "files",
            "archives",
            "driverMemory",
            "driverCores",
            "executorMemory",
            "executorCores",
            "numExecutors",
            "queue",
            "name",
            "conf");

    /** Livy's field → Spark's setting. */
    private static final Map<String, String> SETTINGS = Map.of(
            "driverMemory", "spark.driver.memory",
            "driverCores", "spark.driver.cores",
            "executorMemory", "spark.executor.memory",
            "executorCores", "spark.executor.cores",
            "numExecutors", "spark.executor.instances",
            "queue", "spark.yarn.queue");

    private static final Set<String> RESOURCES = Set.of("jars", "pyFiles", "files", "archives");

    static CreateBatch of(byte[] body) {
        JsonNode json = read(body);
        json.propertyNames().stream()
                .filter(name -> !FIELDS.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw Rejected.because("unrecognized field '" + shown(name) + "'; known are " + sorted() + ".");
                });
        String file = text(json, "file");
        String className = text(json, "className");
        Matcher stored = PROJECT.matcher(file);
        boolean isTaken = stored.matches() || S3.matcher(file).matches();
        if (isTaken && file.endsWith(".jar") == className.isEmpty()) {
            throw Rejected.because("className goes with a file that is a jar, and a jar with its className.");
        }
        if (stored.matches()) {
            return new CreateBatch(
                    new ProjectSource.Stored(new ArtifactId(stored.group(1))),
                    blank(text(json, "proxyUser")),
                    spec(json, stored.group(2)),
                    List.of());
        }
        if (!isTaken) {
            throw Rejected.because("file '" + shown(file)
                    + "' is not taken here. It is s3://bucket/key of a .py, a .jar, a .zip or .tar.gz of a"
                    + " whole project, or a prefix that ends with a slash; or a project that was stored by POST"
                    + " /plans or POST /jobs, as slipway:sha256:<id>, or slipway:sha256:<id>#main.py with its"
                    + " entry point.");
        }
        Map<String, Object> spec = spec(json, null);
        if (file.endsWith(".jar")) {
            spec.put("entryPoint", "--class " + className + " " + file.substring(file.lastIndexOf('/') + 1));
            spec.put("layout", "split");
        }
        if (file.endsWith(".py")) {
            // As Livy does it: spark-submit itself gets the file, and nothing of ours runs beside the program.
            spec.put("layout", "split");
        }
        return new CreateBatch(
                new ProjectSource.Remote(file.replaceFirst("^s3[an]://", "s3://")),
                blank(text(json, "proxyUser")),
                spec,
                BatchUris.of(spec));
    }

    private static JsonNode read(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException noJson) {
            // Told below.
        }
        throw Rejected.because("the body is no JSON object.");
    }

    private static Map<String, Object> spec(JsonNode json, @Nullable String entryPoint) {
        Map<String, Object> spec = new LinkedHashMap<>();
        if (entryPoint != null) {
            spec.put("entryPoint", entryPoint);
        }
        String name = text(json, "name");
        if (!name.isEmpty()) {
            spec.put("name", name);
        }
        if (json.has("args")) {
            spec.put("arguments", texts(json, "args"));
        }
        RESOURCES.stream().sorted().filter(json::has).forEach(field -> spec.put(field, texts(json, field)));
        Map<String, String> settings = new LinkedHashMap<>(conf(json));
        SETTINGS.forEach((field, setting) -> {
            String value = text(json, field);
            if (!value.isEmpty()) {
                settings.put(setting, field.endsWith("Memory") ? memory(field, value) : value);
            }
        });
        if (!settings.isEmpty()) {
            spec.put("sparkConf", settings);
        }
        return spec;
    }

    private static Map<String, String> conf(JsonNode json) {
        Map<String, String> conf = new LinkedHashMap<>();
        JsonNode sent = json.path("conf");
        if (!sent.isMissingNode() && !sent.isNull() && !sent.isObject()) {
            throw Rejected.because("conf is an object of settings.");
        }
        sent.properties().forEach(each -> conf.put(each.getKey(), scalar("conf." + each.getKey(), each.getValue())));
        return conf;
    }

    private static String memory(String field, String value) {
        if (!MEMORY.matcher(value.toLowerCase(Locale.ROOT)).matches()) {
            throw Rejected.because(field + " is a number and a unit, such as 4g; it is '" + shown(value) + "'.");
        }
        return value;
    }

    private static List<String> texts(JsonNode json, String field) {
        JsonNode sent = json.path(field);
        if (!sent.isArray() && !sent.isNull()) {
            throw Rejected.because(field + " is a list of texts.");
        }
        return sent.valueStream().map(each -> scalar(field, each)).toList();
    }

    /** Empty where it was not sent. */
    private static String text(JsonNode json, String field) {
        JsonNode sent = json.path(field);
        return sent.isMissingNode() || sent.isNull() ? "" : scalar(field, sent);
    }

    private static String scalar(String field, JsonNode value) {
        if (value.isObject() || value.isArray() || value.isNull()) {
            throw Rejected.because(shown(field) + " is a text or a number.");
        }
        return value.asString();
    }

    private static @Nullable String blank(String text) {
        return text.isBlank() ? null : text;
    }

    private static String sorted() {
        return String.join(", ", FIELDS.stream().sorted().toList());
    }

    private static String shown(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }

    Optional<String> name() {
        return Optional.ofNullable((String) spec.get("name"));
    }

    byte[] specJson() {
        return JSON.writeValueAsBytes(spec);
    }
}
