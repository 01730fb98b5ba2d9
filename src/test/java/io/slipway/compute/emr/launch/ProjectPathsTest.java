package io.slipway.compute.emr.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.JobFixtures;
import io.slipway.project.LaunchPlan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProjectPathsTest {

    private static final String CONTAINER =
            "/mnt1/yarn/usercache/hadoop/appcache/application_1_0042/container_e02_1767614400000_0042_01_000001/";

    private final LaunchPlan plan = JobFixtures.aQueuedJob().plan();
    private final String id = plan.projectId().value();

    @Test
    void findsTheProjectsFilesOnDriversAndExecutors() {
        assertThat(path(CONTAINER + "slipway-work/jobs/load.py")).hasValue("jobs/load.py");
        assertThat(path(CONTAINER + "slipway-project/jobs/load.py")).hasValue("jobs/load.py");
    }

    @Test
    void findsThemOnThePrimaryNode() {
        assertThat(path("/mnt/var/lib/hadoop/steps/s-1/slipway-ab12_9zq/project/main.py"))
                .hasValue("main.py");
    }

    @Test
    void findsThoseOfASplitProject() {
        assertThat(path(CONTAINER + "project_" + id + ".zip/pkg/m.py")).hasValue("pkg/m.py");
        assertThat(path(CONTAINER + id.substring(0, 32) + "_12_main.py")).hasValue(plan.entryPoint());
    }

    @Test
    void takesAPathBelowTheWorkingDirectoryForOneOfTheProject() {
        assertThat(path("jobs/load.py")).hasValue("jobs/load.py");
    }

    @Test
    void takesNothingElseForTheProjects() {
        assertThat(path("/usr/lib/python3.9/runpy.py")).isEmpty();
        assertThat(path(CONTAINER + "pyspark.zip/pyspark/rdd.py")).isEmpty();
        assertThat(path(CONTAINER + "py4j-0.10.9.7-src.zip/py4j/protocol.py")).isEmpty();
        assertThat(path(CONTAINER + "environment/lib/python3.9/site-packages/numpy/core.py"))
                .isEmpty();
        for (NodeProgram ours : List.of(NodeProgram.launcher(), NodeProgram.daemon(), NodeProgram.primaryNode())) {
            assertThat(path(CONTAINER + ours.name().fileName())).isEmpty();
            assertThat(path(ours.name().fileName())).isEmpty();
        }
        assertThat(path(CONTAINER + NodeProgram.live().name().fileName() + "/channel.py"))
                .isEmpty();
        assertThat(path("<string>")).isEmpty();
        assertThat(path("<frozen importlib._bootstrap>")).isEmpty();
    }

    private Optional<String> path(String printed) {
        return ProjectPaths.of(printed, plan);
    }
}
