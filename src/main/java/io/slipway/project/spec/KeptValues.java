package io.slipway.project.spec;

import java.util.Map;
import java.util.Optional;

/**
 * What a variable of the environment is that is written without a value: the value that an earlier job had for the name. Values are
 * write-only, so nobody who runs a job again could write them.
 */
public final class KeptValues {

    /** Of a request that takes no earlier job's project. */
    public static final KeptValues NONE = new KeptValues(
            Map.of(),
            "has no value, and the project is not that of an earlier job (job:<id>) whose value could be kept;"
                    + " write the value, or \"\" for an empty one");

    /** Of a project's own file, which is the same whoever sends it. */
    static final KeptValues NEVER = new KeptValues(Map.of(), "has no value; write \"\" for an empty one");

    private final Map<String, String> values;
    private final String otherwise;

    private KeptValues(Map<String, String> values, String otherwise) {
        this.values = Map.copyOf(values);
        this.otherwise = otherwise;
    }

    /** @param environment of the job whose project the request takes; it must be of the same owner */
    public static KeptValues of(String jobId, Map<String, String> environment) {
        return new KeptValues(
                environment,
                "has no value, and job " + jobId
                        + " had none of this name that could be kept; write the value, or \"\" for an empty one");
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** What is wrong with a name for which there is none. */
    String otherwise() {
        return otherwise;
    }
}
