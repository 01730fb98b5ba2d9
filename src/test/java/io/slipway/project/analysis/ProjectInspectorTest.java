package io.slipway.project.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.EntryPath;
import io.slipway.project.archive.EntryTable;
import io.slipway.project.archive.InspectionMemory;
import io.slipway.project.archive.ProjectFiles;
import io.slipway.project.archive.ProjectTree;
import io.slipway.project.archive.PythonUpload;
import io.slipway.project.archive.ReadBudget;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class ProjectInspectorTest {

    private final ProjectInspector inspector = new ProjectInspector();

    @ParameterizedTest
    @ValueSource(strings = {"main.py", "project.py", "__main__.py"})
    void findsTheUsualNamesAmongOthers(String name) {
        assertThat(found("a.py", "pkg/main.py", name)).isEqualTo(name);
    }

    @Test
    void findsTheOnlyPythonFileAtTheRoot() {
        assertThat(found("job.py", "pkg/a.py", "data.ini")).isEqualTo("job.py");
        assertThat(found("job.py", "setup.py", "conftest.py")).isEqualTo("job.py");
    }

    @Test
    void listsSeveralCandidates() {
        InvalidProject refusal = refusal(null, "main.py", "project.py", "other.py");
        assertThat(refusal.problem()).isEqualTo(Problem.NO_ENTRY_POINT);
        assertThat(refusal.details()).extracting(Detail::at).containsExactly("main.py", "project.py");
        assertThat(refusal(null, "a.py", "b.py"))
                .hasMessageContaining("a.py, b.py")
                .hasMessageContaining("entryPoint");
    }

    @Test
    void listsWhatThereIsInsteadOfACandidate() {
        assertThat(refusal(null, "jobs/a.py", "readme.md")).hasMessageContaining("jobs/a.py");
        assertThat(refusal(null, "readme.md")).hasMessageContaining("no .py file at all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs/etl.py", "./jobs/etl.py", "jobs\\etl.py", ".\\jobs\\etl.py", "jobs//etl.py"})
    void takesTheEntryPointThatWasAskedFor(String wanted) {
        assertThat(inspector
                        .inspect(named("main.py", "jobs/etl.py"), "", wanted)
                        .entryPoint())
                .isEqualTo("jobs/etl.py");
    }

    @Test
    void guessesWhatWasMeant() {
        assertThat(refusal("mian.py", "main.py", "x.py")).hasMessageContaining("Did you mean 'main.py'?");
        assertThat(refusal("etl.py", "main.py", "jobs/etl.py")).hasMessageContaining("'jobs/etl.py'");
        assertThat(refusal("main", "main.py")).hasMessageContaining("'main.py'");
        assertThat(refusal("run.sh", "main.py", "run.sh")).hasMessageContaining("not a .py file");
    }

    @Test
    void saysWhenTheNameIsThatOfTheWrappingFolder() {
        InvalidProject refusal = catchThrowableOfType(
                InvalidProject.class, () -> inspector.inspect(named("main.py"), "etl-main", "etl-main/main.py"));
        assertThat(refusal).hasMessageContaining("taken off").hasMessageContaining("'main.py'");
    }

    @Test
    void refusesAnEntryPointOutsideOfTheProject() {
        assertThat(refusal("../main.py", "main.py").problem()).isEqualTo(Problem.UNSAFE_PATH);
    }

    public static ProjectFiles named(String... files) {
        ReadBudget budget = new ReadBudget(ArchiveLimits.DEFAULTS, InspectionMemory.alone());
        EntryTable table = new EntryTable(budget);
        List.of(files).forEach(path -> table.file(EntryPath.of(path), false));
        return new ProjectFiles(ProjectTree.of(new PythonUpload(table), budget));
    }

    private String found(String... files) {
        return inspector.inspect(named(files), "", null).entryPoint();
    }

    private InvalidProject refusal(String wanted, String... files) {
        InvalidProject refusal =
                catchThrowableOfType(InvalidProject.class, () -> inspector.inspect(named(files), "", wanted));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }
}
