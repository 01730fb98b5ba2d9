package io.slipway.project.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.project.EntryPoint;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.archive.ProjectFiles;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModulePathsTest {

    @Test
    void aModuleIsAnEntryPointWhenTheProjectHasIt() {
        ProjectFiles files = ProjectInspectorTest.named("src/app/run.py", "tool/__main__.py", "main.py");

        assertThat(ModulePaths.module("-m   app.run")).contains(new EntryPoint("-m app.run"));
        assertThat(ModulePaths.module("main.py")).isEmpty();
        assertThat(ModulePaths.isThere(new EntryPoint("-m app.run"), List.of("src"), files))
                .isTrue();
        assertThat(ModulePaths.isThere(new EntryPoint("-m app.run"), List.of(), files))
                .isFalse();
        assertThat(ModulePaths.isThere(new EntryPoint("-m tool"), List.of(), files))
                .isTrue();
        assertThat(ModulePaths.isThere(new EntryPoint("-m ../main"), List.of(), files))
                .isFalse();
        assertThat(ModulePaths.isThere(new EntryPoint("-m " + "a.".repeat(2_000_000) + "a"), List.of(), files))
                .isFalse();
    }

    @Test
    void aPythonPathMustBeInTheProject() {
        ProjectFiles files = ProjectInspectorTest.named("libs/a.py", "wheels/tool.whl", "notes.txt");

        ModulePaths.check(List.of("libs", "wheels/tool.whl"), files);

        InvalidProject refusal = catchThrowableOfType(
                InvalidProject.class, () -> ModulePaths.check(List.of("libs", "lib", "notes.txt"), files));
        assertThat(refusal.details()).extracting(Detail::at).containsExactly("pythonPath[1]", "pythonPath[2]");
    }
}
