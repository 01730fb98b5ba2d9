package io.slipway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.Cause;
import io.slipway.jobs.Explanation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tracebacks of the shapes that a real Spark on YARN printed. */
class CauseTextTest {

    private static final String CONTAINER =
            "/mnt/yarn/usercache/hadoop/appcache/application_1767614400000_0042/container_1767614400000_0042_01_000001/";
    private static final String WORK = CONTAINER + "slipway-work/";

    @Test
    void namesTheExceptionAndTheInnermostFrameInTheProject() {
        CauseText text = text("""
                reading
                Traceback (most recent call last):
                  File "WORK/main.py", line 12, in <module>
                    load("prices")
                  File "WORK/jobs/load.py", line 7, in load
                    return s.sql("select nope from " + name)
                  File "CONTAINER/pyspark.zip/pyspark/sql/session.py", line 1631, in sql
                pyspark.errors.exceptions.captured.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table `prices` cannot be found.
                If you did not qualify the name with a schema, verify the current_schema() output.
                'Project ['nope]
                +- 'UnresolvedRelation [prices], [], false
                """);
        assertThat(text.cause().type()).isEqualTo("pyspark.errors.exceptions.captured.AnalysisException");
        assertThat(text.cause().message())
                .startsWith("[TABLE_OR_VIEW_NOT_FOUND] The table `prices` cannot be found.\nIf you did not");
        assertThat(text.cause().file()).isEqualTo("jobs/load.py");
        assertThat(text.cause().line()).isEqualTo(7);
        assertThat(text.cause().headline())
                .isEqualTo("pyspark.errors.exceptions.captured.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND]"
                        + " The table `prices` cannot be found.");
        assertThat(text.traceback())
                .contains(
                        "  File \"jobs/load.py\", line 7, in load",
                        "  File \"pyspark.zip/pyspark/sql/session.py\", line")
                .doesNotContain("/mnt/yarn", "reading");
    }

    @Test
    void namesTheFunctionThatFailedOnAnExecutor() {
        CauseText text = text("""
                Traceback (most recent call last):
                  File "WORK/main.py", line 9, in <module>
                    numbers.map(invert).collect()
                py4j.protocol.Py4JJavaError: An error occurred while calling z:org.apache.spark.api.python.PythonRDD.collectAndServe.
                : org.apache.spark.SparkException: Job aborted due to stage failure: Lost task 1.3 in stage 3.0 (TID 7) \
                (localhost executor 1): org.apache.spark.api.python.PythonException: Traceback (most recent call last):
                  File "CONTAINER/pyspark.zip/pyspark/worker.py", line 1247, in main
                    process()
                  File "CONTAINER/slipway-project/jobs/maths.py", line 5, in invert
                    return 1 / x
                ZeroDivisionError: division by zero

                \tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator.handlePythonException(PythonRunner.scala:572)
                """);
        assertThat(text.cause()).isEqualTo(new Cause("ZeroDivisionError", "division by zero", "jobs/maths.py", 5));
    }

    @Test
    void namesTheCauseThatJavaGives() {
        CauseText text = text("""
                Traceback (most recent call last):
                  File "WORK/main.py", line 9, in <module>
                    frame.show()
                py4j.protocol.Py4JJavaError: An error occurred while calling o45.showString.
                : org.apache.spark.SparkException: Job aborted due to stage failure
                \tat org.apache.spark.scheduler.DAGScheduler.failJob(DAGScheduler.scala:2785)
                Caused by: java.io.FileNotFoundException: s3://prices/day=1
                \tat com.amazon.ws.emr.hadoop.fs.Open.open(Open.java:1)
                """);
        assertThat(text.cause())
                .isEqualTo(new Cause("java.io.FileNotFoundException", "s3://prices/day=1", "main.py", 9));
    }

    @Test
    void namesNoFileWhenNoFrameIsInTheProject() {
        Cause cause = text("""
                Traceback (most recent call last):
                  File "/usr/lib/python3.9/runpy.py", line 1, in <module>
                KeyboardInterrupt
                """).cause();
        assertThat(cause).isEqualTo(new Cause("KeyboardInterrupt", "", null, null));
        assertThat(cause.headline()).isEqualTo("KeyboardInterrupt");
    }

    @Test
    void namesTheGroupOfAGroupOfExceptions() {
        Cause cause = text("""
                  + Exception Group Traceback (most recent call last):
                  |   File "WORK/main.py", line 3, in <module>
                  |     raise ExceptionGroup("two", [ValueError(1)])
                  | ExceptionGroup: two (1 sub-exception)
                  +-+---------------- 1 ----------------
                    | ValueError: 1
                    +------------------------------------
                """).cause();
        assertThat(cause.headline()).isEqualTo("ExceptionGroup: two (1 sub-exception)");
        assertThat(cause.file()).isEqualTo("main.py");
    }

    @Test
    void keepsNoMoreThanItsBoundsOfWhatAStrangerWrote() {
        String frames = IntStream.range(0, 200)
                .mapToObj(at -> "  File \"WORK/main.py\", line 1, in f" + at + "\n    " + "\uD83D\uDE00".repeat(1500))
                .collect(Collectors.joining("\n"));
        CauseText text = text(
                "Traceback (most recent call last):\n" + frames + "\nEvil: " + "é\uD83D\uDE00".repeat(2000) + "\n");
        assertThat(text.traceback().getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(Explanation.LONGEST_TRACEBACK);
        assertThat(text.cause().message()).hasSizeLessThanOrEqualTo(2000);
        assertThat(new String(text.cause().message().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .as("no half of a character")
                .isEqualTo(text.cause().message());
    }

    @Test
    void keepsNoControlCharacters() {
        CauseText text = text("Traceback (most recent call last):\n  File \"WORK/main.py\", line 1, in <module>\n"
                + "Evil: a\u009b31mb\u202Ec\u2028d\n");
        assertThat(text.cause().message()).isEqualTo("a\uFFFD31mb\uFFFDc\uFFFDd");
        assertThat(text.traceback()).doesNotContain("\u202E", "\u009b");
    }

    @Test
    @Timeout(10)
    void isNotHeldUpByLinesThatWereMadeToBeSlow() {
        String line = "a".repeat(4_000) + "(".repeat(4_000);
        String steps = IntStream.range(0, 1_300)
                .mapToObj(number -> number % 2 == 0 ? "a" : "bb")
                .collect(Collectors.joining("."));
        String printed =
                "Traceback (most recent call last):\n  File \"main.py\", line 1, in <module>\n" + steps + " x\n"
                        + ("  at " + line + "\n").repeat(60)
                        + ("/".repeat(8_000) + "\n").repeat(20);
        Traceback.last(printed.lines().toList()).ifPresent(last -> CauseText.of(last, path -> Optional.empty()));
    }

    private static CauseText text(String printed) {
        List<String> lines = printed.replace("WORK/", WORK)
                .replace("CONTAINER/", CONTAINER)
                .lines()
                .toList();
        return CauseText.of(Traceback.last(lines).orElseThrow(), CauseTextTest::inProject);
    }

    private static Optional<String> inProject(String path) {
        for (String folder : List.of("slipway-work/", "slipway-project/")) {
            int at = path.indexOf(folder);
            if (at >= 0) {
                return Optional.of(path.substring(at + folder.length()));
            }
        }
        return Optional.empty();
    }
}
