package io.slipway.compute.emr.client;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the name of an EC2 instance type says. */
public final class InstanceTypes {

    /** {@code m7g.xlarge}: family, generation, attributes. Of the attributes, {@code g} is AWS Graviton (EC2 User Guide, naming conventions). */
    private static final Pattern NAME = Pattern.compile("[a-z]+(?:-[0-9a-z]+)?\\d+([a-z-]*)\\.[a-z0-9-]+");

    private InstanceTypes() {}

    /** {@code aarch64} or {@code x86_64}, as Linux names them; empty for what is no instance type. */
    public static Optional<String> architecture(String type) {
        Matcher name = NAME.matcher(type);
        if (!name.matches()) {
            return Optional.empty();
        }
        boolean graviton = name.group(1).contains("g") || type.startsWith("a1.");
        return Optional.of(graviton ? "aarch64" : "x86_64");
    }
}
