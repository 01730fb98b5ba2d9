package io.slipway.provision.emr;

import io.slipway.artifacts.ArtifactName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Our bootstrap action, which prepares each node, under a name that changes with its content. What differs between templates are its arguments. */
record BootstrapScript(
        ArtifactName name,
        @SuppressWarnings("ArrayRecordComponent") byte[] content) {

    /** Where it puts the Python that it makes. */
    static final String PYTHON = "/opt/slipway/python/bin/python";

    /** After the longest life jobs may still end in peace, for so long. */
    private static final Duration GRACE = Duration.ofHours(1);

    static BootstrapScript load() {
        try (InputStream resource = BootstrapScript.class.getResourceAsStream("bootstrap.sh")) {
            if (resource == null) {
                throw new IllegalStateException("bootstrap.sh is missing from the jar");
            }
            byte[] content = resource.readAllBytes();
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            return new BootstrapScript(ArtifactName.program("slipway_bootstrap", sha256, "sh"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> arguments(EmrTemplate template) {
        List<String> arguments = new ArrayList<>();
        String version = template.software().python().version();
        if (version != null) {
            arguments.addAll(List.of("--python", version));
        }
        long minutes = template.lifetime().longestLife().plus(GRACE).toMinutes();
        arguments.addAll(List.of("--life", String.valueOf(minutes)));
        List<String> packages = template.software().python().packages();
        if (!packages.isEmpty()) {
            arguments.add("--packages");
            arguments.addAll(packages);
        }
        return arguments;
    }

    /** Whether the nodes get a Python of their own. */
    static boolean makesPython(EmrTemplate template) {
        return template.software().python().version() != null
                || !template.software().python().packages().isEmpty();
    }
}
