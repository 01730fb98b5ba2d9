package io.slipway.compute.emr.launch;

import java.util.List;
import java.util.Locale;

/**
 * The sources that Docker images may come from: a registry, a part of one, or an image with all its tags or with one. Names are read as
 * Docker reads them, so that nothing passes for what it is not.
 */
record Registries(List<String> allowed) {

    private static final String DOCKER_HUB = "docker.io";

    boolean allow(String image) {
        String full = full(image);
        String name = withoutTag(full);
        return allowed.stream()
                .anyMatch(source -> full.equals(source)
                        || name.equals(source)
                        || name.startsWith(source.endsWith("/") ? source : source + "/"));
    }

    /** With the registry that Docker asks: Docker Hub when the first part is no host. An upper-case letter makes it one. */
    private static String full(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean isHost = first.contains(".")
                || first.contains(":")
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
        return isHost ? image : DOCKER_HUB + "/" + image;
    }

    private static String withoutTag(String full) {
        int digest = full.indexOf('@');
        String name = digest < 0 ? full : full.substring(0, digest);
        int tag = name.indexOf(':', name.lastIndexOf('/') + 1);
        return tag < 0 ? name : name.substring(0, tag);
    }
}
