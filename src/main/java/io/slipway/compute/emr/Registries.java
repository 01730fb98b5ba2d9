package io.slipway.compute.emr;

import java.util.List;

/** The places that Docker images may come from. An image that names none is from Docker Hub, {@code docker.io}. */
record Registries(List<String> allowed) {

    boolean allow(String image) {
        String full = full(image);
        return allowed.stream().anyMatch(place -> full.startsWith(place.endsWith("/") ? place : place + "/"));
    }

    private static String full(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean isHost = first.contains(".") || first.contains(":") || first.equals("localhost");
        return isHost ? image : "docker.io/" + image;
    }
}
