package io.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.LogStream;
import io.slipway.logs.LogInfo;
import io.slipway.logs.ProgramLogs;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LogTabsTest {

    private static final List<LogStream> COMING =
            List.of(LogStream.STDOUT, LogStream.SPARK, LogStream.ofStep("controller"));

    @Test
    void executorsStandBehindOneTab() {
        LogTabs tabs = LogTabs.of(
                streams("stdout", "spark", "step-stderr", "executor-000002-stderr", "executor-000003-stderr"),
                LogStream.STDOUT,
                COMING);
        assertThat(tabs.tabs()).extracting(LogTab::title).containsExactly("stdout", "Spark log", "step stderr");
        assertThat(tabs.containers())
                .extracting(LogTab::title)
                .containsExactly("executor 000002 stderr", "executor 000003 stderr");
        assertThat(tabs.title()).isEqualTo("executors");
        assertThat(tabs.container()).isEqualTo("executor-000002-stderr");
        assertThat(tabs.showsContainer()).isFalse();
    }

    @Test
    void containersOfUnknownRoleStandThereTooAndAreNotCalledExecutors() {
        LogTabs tabs = LogTabs.of(
                streams("step-stderr", "container-000002-stdout", "container-000003-stdout"),
                LogStream.parse("container-000003-stdout").orElseThrow(),
                COMING);
        assertThat(tabs.title()).isEqualTo("containers");
        assertThat(tabs.container()).isEqualTo("container-000003-stdout");
        assertThat(tabs.showsContainer()).isTrue();
        assertThat(tabs.tabs()).extracting(LogTab::stream).containsExactly("stdout", "spark", "step-stderr");
    }

    @Test
    void theProgramsTabsAreThereBeforeItsLogsAre() {
        LogTabs tabs = LogTabs.of(streams("step-controller", "step-stderr"), LogStream.ofStep("stderr"), COMING);
        assertThat(tabs.tabs())
                .extracting(LogTab::stream)
                .containsExactly("stdout", "spark", "step-controller", "step-stderr");
        assertThat(tabs.tabs()).extracting(LogTab::isThere).containsExactly(false, false, true, true);
        assertThat(LogTabs.of(streams("stdout", "stderr"), LogStream.STDOUT, List.of())
                        .tabs())
                .extracting(LogTab::title)
                .containsExactly("stdout", "stderr");
    }

    @Test
    void theLastAttemptOfTheProgramHasTheLastWord() {
        assertThat(ProgramLogs.ofProgram(streams("stdout", "attempt-2-stdout", "attempt-10-stdout", "spark")))
                .extracting(LogStream::toString)
                .containsExactly("attempt-10-stdout", "attempt-2-stdout", "stdout");
        assertThat(likeliest(false, "stdout", "attempt-2-stdout", "spark")).isEqualTo("attempt-2-stdout");
        assertThat(likeliest(true, "stdout", "stderr")).isEqualTo("stderr");
        assertThat(likeliest(false, "stdout", "stderr")).isEqualTo("stdout");
    }

    @Test
    void whatIsToBeExpectedIsShownBeforeWhatTheStepSays() {
        assertThat(LogTabs.likeliest(streams("step-controller", "step-stderr"), true, COMING))
                .isEqualTo(LogStream.STDOUT);
        assertThat(likeliest(true, "step-controller", "step-stderr")).isEqualTo("step-stderr");
        assertThat(likeliest(true)).isEqualTo("stdout");
    }

    private static String likeliest(boolean failed, String... names) {
        return LogTabs.likeliest(streams(names), failed, List.of()).toString();
    }

    private static List<LogInfo> streams(String... names) {
        return Arrays.stream(names)
                .map(name -> LogStream.parse(name).orElseThrow())
                .map(stream -> new LogInfo(stream, stream, 1, OptionalLong.empty(), null))
                .toList();
    }
}
