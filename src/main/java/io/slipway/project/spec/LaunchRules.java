package io.slipway.project.spec;

import io.slipway.project.Launch;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the single values may be that say how a project is started. Each rule answers with what is wrong. */
final class LaunchRules {

    static final String IMAGE = "image";

    private static final int LONGEST = 1000;

    /** A host with a port, names, a tag, a digest; it can never look like an option. */
    private static final Pattern IMAGE_NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
                    + "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?");

    private static final Pattern ROLE =
            Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,64}");

    private static final Pattern ENVIRONMENT_URI =
            Pattern.compile("(s3|s3a|hdfs)://[A-Za-z0-9._:-]*/[A-Za-z0-9._/=+@-]+\\.(tar\\.gz|tgz|tar|zip)");

    private LaunchRules() {}

    static Optional<String> container(String key, String value) {
        if (!key.equals(IMAGE)) {
            return Optional.of("is not a field of container; the only one is image");
        }
        return problem(
                value.length() > LONGEST || !IMAGE_NAME.matcher(value).matches(),
                "is no name of a Docker image, such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:3.5");
    }

    static Optional<String> role(String value) {
        return problem(
                value.length() > LONGEST || !ROLE.matcher(value).matches(),
                "is no ARN of an IAM role, such as arn:aws:iam::123456789012:role/pricing");
    }

    static Optional<String> environment(String value) {
        return problem(
                value.length() > LONGEST
                        || (!ENVIRONMENT_URI.matcher(value).matches()
                                && Launch.Python.idOf(value).isEmpty()),
                "must be the s3:// or hdfs:// URI of a packed environment (.tar.gz) without blanks, commas or '#', the file itself"
                        + " as a part of the form, or sha256:<id> of one that you sent before");
    }

    static <E extends Enum<E>> Optional<E> choice(Class<E> type, String value) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> spelled(constant).equals(value.strip().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    static <E extends Enum<E>> String choices(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(LaunchRules::spelled).collect(Collectors.joining(", "));
    }

    private static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<String> problem(boolean wrong, String what) {
        return wrong ? Optional.of(what) : Optional.empty();
    }
}
