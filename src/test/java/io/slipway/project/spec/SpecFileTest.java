package io.slipway.project.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.slipway.project.Finding;
import io.slipway.project.InvalidProject;
import io.slipway.project.ProjectFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The file in which a project brings its own wishes, by all the names that people give it. */
class SpecFileTest {

    private static List<Finding> findings(String... paths) {
        return SpecFiles.notRead(Stream.of(paths)
                .map(path -> new ProjectFile(path, 1, "0".repeat(64), false))
                .toList());
    }

    @Test
    void isReadUnderBothEndings() {
        assertThat(SpecReader.FILES).containsExactly("slipway.yml", "slipway.yaml");
        assertThat(findings("main.py", "slipway.yaml")).isEmpty();
        assertThat(findings("main.py", "slipway.yml", "jobs/slipway.yaml")).isEmpty();
    }

    @Test
    void tellsOfTheOneThatIsNotRead() {
        assertThat(findings("main.py", "slipway.yaml", "slipway.yml"))
                .extracting(Finding::code, Finding::file, Finding::isWarning)
                .containsExactly(tuple("spec-file-not-read", "slipway.yaml", true));
        assertThat(findings("main.py", "Slipway.yml", ".slipway.yaml", "slipway.json"))
                .extracting(Finding::file)
                .containsExactly("Slipway.yml", ".slipway.yaml", "slipway.json");
    }

    @Test
    void isNamedInErrorsAsItIsCalled() {
        byte[] file = "entryPint: main.py\n".getBytes(StandardCharsets.UTF_8);
        InvalidProject refusal = catchThrowableOfType(
                InvalidProject.class, () -> new SpecReader().read(null, Map.of(), "slipway.yaml", file));
        assertThat(refusal.details())
                .singleElement()
                .satisfies(detail ->
                        assertThat(detail.at()).contains("slipway.yaml").contains("entryPint"));
    }
}
