package io.slipway.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.LogStream.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of logs are made and read in one place. */
class LogStreamTest {

    @ParameterizedTest
    @CsvSource({
        "stdout, PROGRAM, , 1, stdout",
        "stderr, PROGRAM, , 1, stderr",
        "spark, SPARK, , 1, spark",
        "attempt-2-spark, SPARK, , 2, spark",
        "attempt-12-stdout, PROGRAM, , 12, stdout",
        "master-stderr, MASTER, , 1, stderr",
        "step-controller, STEP, , 1, controller",
        "step-syslog, STEP, , 1, syslog",
        "step-stdout, STEP, , 1, stdout",
        "executor-000002-stdout, EXECUTOR, 000002, 1, stdout",
        "executor-1234567-stderr, EXECUTOR, 1234567, 1, stderr",
        "executor-e02-000002-stderr, EXECUTOR, e02-000002, 1, stderr",
        "container-000002-stdout, CONTAINER, 000002, 1, stdout",
        "attempt-3-container-000002-stderr, CONTAINER, 000002, 3, stderr"
    })
    void aNameIsReadAsItWasWritten(String text, Role role, String container, int attempt, String name) {
        LogStream stream = new LogStream(role, container, attempt, name);
        assertThat(stream).hasToString(text);
        assertThat(LogStream.parse(text)).hasValue(stream);
    }

    @ParameterizedTest
    @CsvSource({
        "driver-stdout, stdout",
        "driver-stderr, spark",
        "attempt-2-driver-stdout, attempt-2-stdout",
        "attempt-2-driver-stderr, attempt-2-spark",
        "attempt-1-stdout, stdout",
        "controller, step-controller",
        "syslog, step-syslog"
    })
    void anOutdatedNameIsReadAsTheOneOfToday(String old, String today) {
        assertThat(LogStream.parse(old)).get().hasToString(today);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "driver",
                "STDOUT",
                "stdout/",
                "spark-stdout",
                "step-prelaunch",
                "executor-stdout",
                "executor-2x-stdout",
                "attempt-0-stdout",
                "attempt--1-stdout",
                "attempt-99999999999-stdout",
                "container-000002",
                "../stdout"
            })
    void whatNoLogIsEverCalledIsNoName(String text) {
        assertThat(LogStream.parse(text)).isEmpty();
    }

    @Test
    void theProgramsComeFirstAndContainersInTheOrderOfTheirNumbers() {
        List<String> order = List.of(
                "stdout",
                "stderr",
                "attempt-2-stdout",
                "spark",
                "step-controller",
                "container-000002-stdout",
                "container-000002-stderr",
                "executor-000003-stdout",
                "executor-999999-stderr",
                "executor-1000000-stdout",
                "attempt-2-executor-000002-stdout");
        List<LogStream> streams = new ArrayList<>();
        order.forEach(name -> streams.add(LogStream.parse(name).orElseThrow()));
        Collections.reverse(streams);
        Collections.sort(streams);
        assertThat(streams).extracting(LogStream::toString).containsExactlyElementsOf(order);
    }
}
