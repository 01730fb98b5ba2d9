package io.slipway.api;

import io.slipway.project.spec.SpecReader;
import java.util.Set;

/** Which names the texts of a submission have: fields of the spec, and some of the form alone. */
final class WishNames {

    private static final Set<String> OF_THE_FORM =
            Set.of("project", "sourceVersion", "spec", "configPath", "config", "_csrf");

    private WishNames() {}

    static boolean isWish(String name) {
        return OF_THE_FORM.contains(name) || SpecReader.unknownField(name).isEmpty();
    }

    /** A parameter of the query, or a refusal that tells what it is called here. */
    static String checked(String name) {
        if (!isWish(name)) {
            throw new ApiProblem(
                    ProblemType.INVALID_PARAMETER,
                    "The parameter '" + LongText.shown(name) + "' "
                            + SpecReader.unknownField(name).orElseThrow());
        }
        return name;
    }
}
