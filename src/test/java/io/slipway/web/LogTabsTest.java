package io.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.Target;
import io.slipway.logs.LogInfo;
import io.slipway.logs.ProgramLogs;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LogTabsTest {

    @Test
    void executorsStandBehindOneTab() {
        LogTabs tabs = LogTabs.of(
                streams("driver-stderr", "driver-stdout", "executor-000002-stderr", "executor-000003-stderr", "stderr"),
                "driver-stdout",
                Target.Kind.EMR,
                true);
        assertThat(tabs.tabs())
                .extracting(LogTab::title)
                .containsExactly("driver stderr", "driver stdout", "step stderr");
        assertThat(tabs.executors())
                .extracting(LogTab::title)
                .containsExactly("container 000002 stderr", "container 000003 stderr");
        assertThat(tabs.executor()).isEqualTo("executor-000002-stderr");
        assertThat(tabs.showsExecutor()).isFalse();
    }

    @Test
    void theDriversTabsAreThereBeforeItsLogsAre() {
        LogTabs tabs = LogTabs.of(streams("controller", "stderr"), "stderr", Target.Kind.EMR, true);
        assertThat(tabs.tabs())
                .extracting(LogTab::stream)
                .containsExactly("driver-stdout", "driver-stderr", "controller", "stderr");
        assertThat(tabs.tabs()).extracting(LogTab::isThere).containsExactly(false, false, true, true);
        assertThat(LogTabs.of(streams("stdout", "stderr"), "stdout", Target.Kind.LOCAL, false)
                        .tabs())
                .extracting(LogTab::title)
                .containsExactly("stdout", "stderr");
    }

    @Test
    void theLastAttemptOfTheDriverHasTheLastWord() {
        assertThat(ProgramLogs.ofProgram(
                        streams("driver-stdout", "attempt-10-driver-stdout", "attempt-2-driver-stdout", "stderr")))
                .startsWith("attempt-10-driver-stdout", "attempt-2-driver-stdout", "driver-stdout");
        assertThat(LogTabs.likeliest(streams("driver-stdout", "stderr", "stdout"), true, true))
                .isEqualTo("driver-stdout");
        assertThat(LogTabs.likeliest(streams("stderr", "stdout"), true, true)).isEqualTo("stderr");
        assertThat(LogTabs.likeliest(streams("stderr", "stdout"), false, false)).isEqualTo("stdout");
    }

    private static List<LogInfo> streams(String... names) {
        return Arrays.stream(names)
                .map(name -> new LogInfo(name, 1, OptionalLong.empty()))
                .toList();
    }
}
