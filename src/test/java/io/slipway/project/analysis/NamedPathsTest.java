package io.slipway.project.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.project.JobSpec;
import io.slipway.project.Launch;
import io.slipway.project.SparkResource;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths as the owner of the project sees them. */
class NamedPathsTest {

    @TempDir
    private Path folder;

    @Test
    void pathsMayBeginWithTheFoldersThatWrappedTheProject() throws IOException {
        Launch launch = launch(
                Projects.files("src/app/main.py", "", "src/app/lib/m.py", "", "src/app/x.jar", "", "src/app/r.txt", ""),
                """
                {"pythonPath": ["src/app", "app/lib"], "jars": ["src/app/x.jar", "s3://b/x.jar"], "files": ["app/r.txt#in"],
                 "packages": ["a:b:1"], "python": {"requirements": "src/app/r.txt"}}\
                """);

        assertThat(launch.python().path()).containsExactly("lib");
        assertThat(launch.python().requirements()).isEqualTo("r.txt");
        assertThat(launch.resources())
                .isEqualTo(Map.of(
                        SparkResource.JARS, List.of("x.jar", "s3://b/x.jar"),
                        SparkResource.FILES, List.of("r.txt#in"),
                        SparkResource.PACKAGES, List.of("a:b:1")));
    }

    @Test
    void whatIsThereOrNowhereKeepsItsName() throws IOException {
        Launch launch = launch(
                Projects.files("src/main.py", "", "src/src/x.jar", "", "src/x.jar", ""),
                "{\"jars\": [\"src/x.jar\", \"src/y.jar\", \"x.jar\"], \"pythonPath\": [\"src\"]}");

        assertThat(launch.resources(SparkResource.JARS)).containsExactly("src/x.jar", "src/y.jar", "x.jar");
        assertThat(launch.python().path()).containsExactly("src");
    }

    private Launch launch(Map<String, String> files, String spec) throws IOException {
        try (ProjectArchive project = Projects.of(folder, files)) {
            JobSpec asked = new SpecReader().read(spec, Map.of(), SpecReader.FILE, null);
            return NamedPaths.of(project).in(asked).program().launch();
        }
    }
}
