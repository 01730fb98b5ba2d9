package io.slipway.compute.emr;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings by which YARN starts driver and executors in an image (EMR 6.1 and later). */
final class DockerOnYarn {

    private static final List<String> CONTAINERS = List.of("spark.executorEnv.", "spark.yarn.appMasterEnv.");
    private static final String RUNTIME = "YARN_CONTAINER_RUNTIME_";

    private DockerOnYarn() {}

    static Map<String, String> conf(String image, List<String> mounts) {
        Map<String, String> conf = new LinkedHashMap<>();
        for (String prefix : CONTAINERS) {
            conf.put(prefix + RUNTIME + "TYPE", "docker");
            conf.put(prefix + RUNTIME + "DOCKER_IMAGE", image);
            if (!mounts.isEmpty()) {
                conf.put(prefix + RUNTIME + "DOCKER_MOUNTS", String.join(",", mounts));
            }
        }
        return conf;
    }
}
