package io.slipway.submission;

import io.slipway.project.ArtifactId;
import io.slipway.project.JobSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Tells whether two submissions ask for the same: the same project, overlays included, with the same spec. */
final class RequestFingerprint {

    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private RequestFingerprint() {}

    /** @param asked as it was asked, before names were worked out: a change of the default cluster makes no other job of it */
    static String of(ArtifactId projectId, JobSpec asked) {
        return of(projectId.value(), asked);
    }

    /** As long as it is not known which project the source is. */
    static String ofSource(PendingFetches.Request request, JobSpec asked) {
        // A URI has no line break, and as JSON no text can be taken for two others.
        String version = request.version() == null ? "" : CANONICAL.writeValueAsString(request.version()) + "\n";
        String laidOver = request.configs().isEmpty() ? "" : CANONICAL.writeValueAsString(request.configs()) + "\n";
        String bundle = request.bundle() == null ? "" : request.bundle() + "\n";
        return of(request.uri() + "\n" + version + laidOver + bundle, asked);
    }

    private static String of(String project, JobSpec asked) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(project.getBytes(StandardCharsets.UTF_8));
            sha256.update(CANONICAL.writeValueAsBytes(asked));
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
