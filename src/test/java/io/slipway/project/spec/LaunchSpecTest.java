package io.slipway.project.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.Launch;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fields that say how a project is started. */
class LaunchSpecTest {

    private final SpecReader reader = new SpecReader();

    @Test
    void whoSaysNothingGetsTheProjectUnchangedInClusterMode() {
        assertThat(reader.read(null, Map.of(), null).program().launch()).isEqualTo(Launch.DEFAULT);
    }

    @Test
    void everyFieldIsReadFromJsonAndFromAForm() {
        Launch fromJson = reader.read("""
            {"layout": "split", "mode": "container", "container": {"image": "team/spark:3.5"},
             "pythonPath": ["src", "./libs/"], "failOn": "warning",
             "executionRole": "arn:aws:iam::123456789012:role/pricing"}\
            """, Map.of(), null).program().launch();
        Launch fromForm = reader.read(
                        null,
                        Map.of(
                                "layout", List.of("split"),
                                "mode", List.of("container"),
                                "container", List.of("image=team/spark:3.5"),
                                "pythonPath", List.of("src", "libs"),
                                "failOn", List.of("warning"),
                                "executionRole", List.of("arn:aws:iam::123456789012:role/pricing")),
                        null)
                .program()
                .launch();

        assertThat(fromJson).isEqualTo(fromForm);
        assertThat(fromJson.layout()).isEqualTo(Layout.SPLIT);
        assertThat(fromJson.mode()).isEqualTo(Mode.CONTAINER);
        assertThat(fromJson.container()).isEqualTo(new Launch.Container("team/spark:3.5"));
        assertThat(fromJson.python().path()).containsExactly("src", "libs");
        assertThat(fromJson.failOn()).isEqualTo(FailOn.WARNING);
    }

    @Test
    void theRequestWinsOverTheProjectsOwnFileFieldByField() {
        byte[] file =
                "mode: client\nlayout: split\ncontainer:\n  image: team/spark:3.5\n".getBytes(StandardCharsets.UTF_8);

        Launch launch = reader.read(null, Map.of("mode", List.of("cluster")), file)
                .program()
                .launch();

        assertThat(launch.mode()).isEqualTo(Mode.CLUSTER);
        assertThat(launch.layout()).isEqualTo(Layout.SPLIT);
        assertThat(launch.container())
                .as("an image means nothing without the mode")
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "layout | flat | is none of unchanged, split",
                "mode | local | is none of cluster, client, container",
                "failOn | error | is none of never, warning",
                "executionRole | admin | is no ARN of an IAM role",
                "executionRole | arn:aws:iam::123456789012:role/a b | is no ARN of an IAM role",
                "packages | org.postgresql | is no Maven coordinate",
                "repositories | https://me:pw@repo.example.com/maven | is no address of a repository",
                "pythonPath | ../other | must be the path of a folder or wheel in the project",
                "pythonPath | /usr/lib | must be the path of a folder or wheel in the project",
                "pythonEnvironment | ./env.tar.gz | must be the s3:// or hdfs:// URI",
                "pythonEnvironment | s3://b/env.tar.gz#x | must be the s3:// or hdfs:// URI",
                "pythonEnvironment | s3://b/a,s3://b/c.tar.gz | must be the s3:// or hdfs:// URI",
                "container | image=--privileged | is no name of a Docker image",
                "container | image=a b | is no name of a Docker image",
                "container | network=host | the only one is image"
            })
    void aWrongValueIsNamedWithItsField(String field, String value, String message) {
        InvalidProject refusal = catchThrowableOfType(
                InvalidProject.class, () -> reader.read(null, Map.of(field, List.of(value)), null));

        assertThat(refusal.details()).singleElement().satisfies(detail -> {
            assertThat(detail.at()).startsWith(field);
            assertThat(detail.message()).contains(message);
        });
    }

    @Test
    void modeContainerNeedsAnImage() {
        InvalidProject refusal = catchThrowableOfType(
                InvalidProject.class, () -> reader.read(null, Map.of("mode", List.of("container")), null));

        assertThat(refusal.details()).extracting(Detail::at).containsExactly("container.image");
    }

    @Test
    void whatIsShownAndKeptStaysWhenThePythonChanges() {
        Launch launch = reader.read("{\"results\": [\"out/**\"]}", Map.of(), null)
                .program()
                .launch();
        Launch inAnEnvironment = launch.with(launch.python().in("sha256:" + "a".repeat(64)));
        assertThat(inAnEnvironment.results()).containsExactly("out/**");
    }
}
