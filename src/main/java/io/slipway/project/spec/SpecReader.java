package io.slipway.project.spec;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.JobSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a spec of what the request and the project's {@code slipway.yml} say. Maps merge key by key, lists and values are replaced,
 * the request wins. All mistakes of all sources are reported together.
 */
public final class SpecReader {

    /** The file at a project's root that may hold the same fields as a request. */
    public static final String FILE = "slipway.yml";

    /** So much of the file to read: one byte more than it may have. */
    public static final int FILE_READ_BYTES = SpecText.MAX_YAML_BYTES + 1;

    private static final String FILE_PREFIX = FILE + ": ";
    private static final String JSON = "spec";

    private final KeptValues kept;

    public SpecReader() {
        this(KeptValues.NONE);
    }

    /** @param kept what variables of the environment are that the request names without a value */
    public SpecReader(KeptValues kept) {
        this.kept = kept;
    }

    /**
     * @param json the request's {@code spec}, or {@code null}
     * @param form the request's other text fields by name, without {@code spec}, {@code project} and {@code configPath}; every field
     *     here that is not one of the spec is an error
     * @param file what the project's {@value #FILE} holds, or {@code null}
     * @return a spec whose name, cluster and entry point may still be open
     * @throws InvalidProject {@link Problem#INVALID_SPEC}, with a detail for each field at fault
     */
    public JobSpec read(@Nullable String json, Map<String, List<String>> form, byte @Nullable [] file) {
        SpecErrors errors = new SpecErrors();
        Map<String, @Nullable Object> fromForm = new SpecForm(errors).fields(form);
        Map<String, @Nullable Object> fromJson = json == null ? Map.of() : SpecText.json(JSON, json);
        fromForm.keySet().stream()
                .filter(key -> fromJson.get(key) != null)
                .forEach(key -> errors.add(new Detail(key, "is given in spec and as a form field; give it once")));
        Map<String, @Nullable Object> fromFile = file == null ? Map.of() : SpecText.yaml(FILE, file);
        SpecLayer layer = new SpecLayerReader("", fromForm, kept, errors)
                .read()
                .over(new SpecLayerReader("", fromJson, kept, errors).read())
                .over(new SpecLayerReader(FILE_PREFIX, fromFile, KeptValues.NEVER, errors).read());
        checkSizes(layer.maps(), errors);
        layer.launch().contradictions().forEach(errors::add);
        errors.refuse();
        return layer.toSpec();
    }

    private static void checkSizes(SpecLayer.Maps maps, SpecErrors errors) {
        if (maps.labels().size() > SpecRules.MAX_LABELS) {
            errors.add(new Detail(SpecField.LABELS.key(), "are more than " + SpecRules.MAX_LABELS));
        }
        checkSize(SpecField.SPARK_CONF, maps.sparkConf(), errors);
        checkSize(SpecField.ENVIRONMENT, maps.environment(), errors);
    }

    private static void checkSize(SpecField field, Map<String, String> map, SpecErrors errors) {
        long characters = map.entrySet().stream()
                .mapToLong(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        if (map.size() > SpecRules.MAX_MAP_ENTRIES || characters > SpecRules.MAX_MAP_CHARACTERS) {
            errors.add(new Detail(
                    field.key(),
                    "has more than %,d entries or %,d characters; put them into a file of the project"
                            .formatted(SpecRules.MAX_MAP_ENTRIES, SpecRules.MAX_MAP_CHARACTERS)));
        }
    }
}
