package io.slipway.artifacts;

import io.slipway.project.ArtifactId;
import java.util.regex.Pattern;

/**
 * The name of one immutable thing in the store: a path below the store's root that says what it is. The same name always means the
 * same bytes.
 */
public record ArtifactName(String path) {

    private static final Pattern SAFE = Pattern.compile("[a-z]+/[A-Za-z0-9][A-Za-z0-9._-]{0,180}");

    public ArtifactName {
        if (!SAFE.matcher(path).matches()) {
            throw new IllegalArgumentException("not an artifact name: " + path);
        }
    }

    /** @param projectId SHA-256 of the project's canonical manifest, in lower-case hex */
    public static ArtifactName project(ArtifactId projectId) {
        return new ArtifactName("projects/project_" + projectId + ".zip");
    }

    /** @param id SHA-256 of the packed environment's bytes, in lower-case hex */
    public static ArtifactName environment(ArtifactId id) {
        return new ArtifactName("environments/environment_" + id + ".tar.gz");
    }

    /** What one run's launcher reads: entry point, arguments, environment. */
    public static ArtifactName launch(String submissionKey) {
        return new ArtifactName("launches/launch_" + submissionKey + ".json");
    }

    /** What the build of an environment reads on its node. */
    public static ArtifactName buildOrder(String intent) {
        return new ArtifactName("launches/build_" + intent + ".json");
    }

    /** A program of ours that runs on a node, named by its content so that a new version never changes a running job. */
    public static ArtifactName program(String stem, String sha256, String extension) {
        return new ArtifactName("programs/" + stem + "_" + sha256.substring(0, 16) + "." + extension);
    }

    /** One file of a project that travels by itself. Half of the project's id says enough, and steps have little room. */
    public static ArtifactName piece(ArtifactId projectId, String name) {
        return new ArtifactName(pieces(projectId) + name);
    }

    /** What the paths of all pieces of a project begin with, and no others. */
    public static String pieces(ArtifactId projectId) {
        return "pieces/" + projectId.value().substring(0, 32) + "_";
    }

    /** The last part of the path: what Spark sees as the file's name. */
    public String fileName() {
        return path.substring(path.indexOf('/') + 1);
    }
}
