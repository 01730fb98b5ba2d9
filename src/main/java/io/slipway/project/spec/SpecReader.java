package io.slipway.project.spec;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.JobSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a spec of what the request and the project's {@code slipway.yml} say. Maps merge key by key, lists and values are replaced,
 * the request wins. All mistakes of all sources are reported together.
 */
public final class SpecReader {

    /** The file at a project's root that may hold the same fields as a request. */
    public static final String FILE = "slipway.yml";

    /** The names it may have, of which the first that is there is read. */
    public static final List<String> FILES = List.of(FILE, "slipway.yaml");

    /** So much of the file to read: one byte more than it may have. */
    public static final int FILE_READ_BYTES = SpecParser.MAX_YAML_BYTES + 1;

    private static final String JSON = "spec";
    private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

    private final KeptValues kept;

    public SpecReader() {
        this(KeptValues.NONE);
    }

    /** @param kept what variables of the environment are that the request names without a value */
    public SpecReader(KeptValues kept) {
        this.kept = kept;
    }

    /** What to write instead of a name that is no field, as the end of a sentence; empty for a field. */
    public static Optional<String> unknownField(String name) {
        return SpecField.find(name).isPresent() || SpecForm.isShort(name)
                ? Optional.empty()
                : Optional.of(SpecForm.unknown(name));
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
        return read(json, form, FILE, file);
    }

    /** @param fileName one of {@link #FILES}, by which errors name it */
    public JobSpec read(
            @Nullable String json, Map<String, List<String>> form, String fileName, byte @Nullable [] file) {
        SpecErrors errors = new SpecErrors();
        ObjectNode fromForm = new SpecForm(errors).fields(form);
        ObjectNode fromJson = json == null ? NOTHING : SpecParser.json(JSON, json);
        fromForm.propertyNames().stream()
                .filter(fromJson::hasNonNull)
                .forEach(key -> errors.add(key, "is given in spec and as a form field; give it once"));
        ObjectNode fromFile = file == null ? NOTHING : SpecParser.yaml(fileName, file);
        if (fromFile.hasNonNull(SpecField.PROJECT_FOLDER.key())) {
            errors.of(fileName)
                    .add(
                            SpecField.PROJECT_FOLDER.key(),
                            "is a wish of the request: it decides which of the files is read");
        }
        ObjectNode request = SpecTree.merged(checked(fromForm, kept, errors), checked(fromJson, kept, errors));
        ObjectNode all = SpecTree.merged(request, checked(fromFile, KeptValues.NEVER, errors.of(fileName)));
        // What is wrong in one of them has been noted.
        WrittenSpec spec = new SpecBinder(all, new SpecErrors()).bind();
        new SpecBinder(all, errors).check(spec, WrittenSpec.Whole.class);
        spec.contradictions().forEach(errors::add);
        errors.refuse();
        return spec.toSpec();
    }

    /**
     * The folder of the upload that a request wants for its project, before the project is opened; empty for all of it. Whatever else is
     * wrong is told by {@link #read}.
     */
    public static String projectFolder(@Nullable String json, Map<String, List<String>> form) {
        String key = SpecField.PROJECT_FOLDER.key();
        ObjectNode request = SpecTree.merged(
                new SpecForm(new SpecErrors()).fields(form), json == null ? NOTHING : SpecParser.json(JSON, json));
        return request.path(key).isString() ? request.path(key).stringValue().strip() : "";
    }

    private static ObjectNode checked(ObjectNode source, KeptValues kept, SpecErrors errors) {
        ObjectNode tidy = source.deepCopy();
        new SpecTree(kept, errors).tidy(tidy);
        SpecBinder binder = new SpecBinder(tidy, errors);
        binder.check(binder.bind());
        return tidy;
    }
}
