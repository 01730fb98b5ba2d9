package io.slipway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TracebackTest {

    @Test
    void takesTheLastTracebackAndNoneThatWasCaughtBefore() {
        Traceback last = last("""
                starting
                Traceback (most recent call last):
                  File "a.py", line 1, in <module>
                KeyError: 'x'
                going on without x
                Traceback (most recent call last):
                  File "a.py", line 3, in <module>
                    raise ValueError('no prices')
                ValueError: no prices
                26/11/22 17:20:05 INFO ShutdownHookManager: Shutdown hook called
                """);
        assertThat(last.error()).isEqualTo("ValueError: no prices");
        assertThat(last.lines()).hasSize(4).doesNotContain("KeyError: 'x'");
    }

    @Test
    void takesTwoThatFollowEachOtherAsTwo() {
        Traceback last = last("""
                Traceback (most recent call last):
                  File "a.py", line 1, in <module>
                KeyError: 'x'
                Traceback (most recent call last):
                  File "a.py", line 3, in <module>
                ValueError: no prices
                """);
        assertThat(last.lines()).hasSize(3).doesNotContain("KeyError: 'x'");
    }

    @Test
    void takesWhatPythonChainsToIt() {
        Traceback last = last("""
                Traceback (most recent call last):
                  File "a.py", line 1, in load
                    prices['x']
                KeyError: 'x'

                The above exception was the direct cause of the following exception:

                Traceback (most recent call last):
                  File "a.py", line 3, in <module>
                    raise ValueError('no prices') from e
                ValueError: no prices

                During handling of the above exception, another exception occurred:

                Traceback (most recent call last):
                  File "a.py", line 9, in <module>
                    close(None)
                AttributeError: 'NoneType' object has no attribute 'close'
                """);
        assertThat(last.error()).isEqualTo("AttributeError: 'NoneType' object has no attribute 'close'");
        assertThat(last.lines())
                .contains(
                        "    prices['x']",
                        "KeyError: 'x'",
                        "The above exception was the direct cause of the following exception:",
                        "During handling of the above exception, another exception occurred:");
        assertThat(last.lines()).hasSize(18);
    }

    @Test
    void leavesOutTheJavaStackBehindAPythonErrorAndKeepsItsCauses() {
        Traceback last = last("""
                Traceback (most recent call last):
                  File "job.py", line 9, in <module>
                    frame.show()
                py4j.protocol.Py4JJavaError: An error occurred while calling o45.showString.
                : org.apache.spark.SparkException: Job aborted due to stage failure
                \tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:2785)
                \tat org.apache.spark.scheduler.DAGScheduler.$anonfun$abortStage$2(DAGScheduler.scala:2721)
                Caused by: java.io.IOException: cannot open the table
                \tat org.apache.spark.sql.execution.FileScan.open(FileScan.scala:80)
                \t... 12 more
                Caused by: java.io.FileNotFoundException: s3://prices/day=1
                \tat com.amazon.ws.emr.hadoop.fs.Open.open(Open.java:1)
                \t... 14 more

                26/11/22 17:20:05 INFO ShutdownHookManager: Shutdown hook called
                """);
        assertThat(last.error()).isEqualTo("Caused by: java.io.FileNotFoundException: s3://prices/day=1");
        assertThat(last.lines())
                .contains(
                        "  File \"job.py\", line 9, in <module>",
                        "Caused by: java.io.IOException: cannot open the table")
                .noneMatch(line -> line.startsWith("\t"))
                .noneMatch(line -> line.contains("Shutdown"));
    }

    @Test
    void showsTheFramesOfAFunctionThatFailedOnAnExecutor() {
        Traceback last = last("""
                26/11/22 17:20:04 ERROR TaskSetManager: Task 0 in stage 0.0 failed 4 times; aborting job
                Traceback (most recent call last):
                  File "/work/project.py", line 9, in <module>
                    numbers.map(invert).collect()
                  File "/usr/lib/spark/python/lib/pyspark.zip/pyspark/rdd.py", line 1833, in collect
                  File "/usr/lib/spark/python/lib/py4j-0.10.9.7-src.zip/py4j/protocol.py", line 326, in get_return_value
                py4j.protocol.Py4JJavaError: An error occurred while calling z:org.apache.spark.api.python.PythonRDD.collectAndServe.
                : org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, \
                most recent failure: Lost task 0.3 in stage 0.0 (TID 3) (ip-10-0-0-2 executor 1): \
                org.apache.spark.api.python.PythonException: Traceback (most recent call last):
                  File "/mnt/yarn/pyspark.zip/pyspark/worker.py", line 1247, in main
                    process()
                  File "/work/project.py", line 5, in invert
                    return 1 / x
                ZeroDivisionError: division by zero

                \tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator.handlePythonException(PythonRunner.scala:572)
                \tat java.base/java.lang.Thread.run(Thread.java:840)

                Driver stacktrace:
                \tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:2856)
                \tat java.base/java.lang.Thread.run(Thread.java:840)
                Caused by: org.apache.spark.api.python.PythonException: Traceback (most recent call last):
                  File "/mnt/yarn/pyspark.zip/pyspark/worker.py", line 1247, in main
                    process()
                  File "/work/project.py", line 5, in invert
                    return 1 / x
                ZeroDivisionError: division by zero

                \tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator.handlePythonException(PythonRunner.scala:572)
                \t... 1 more
                Caused by: java.io.EOFException
                \tat java.base/java.io.DataInputStream.readInt(DataInputStream.java:398)

                """);
        assertThat(last.error()).isEqualTo("ZeroDivisionError: division by zero");
        assertThat(last.lines())
                .contains(
                        "  File \"/work/project.py\", line 9, in <module>",
                        "  File \"/work/project.py\", line 5, in invert",
                        "    return 1 / x")
                .noneMatch(line -> line.startsWith("\t") || line.startsWith("Caused by"));
        assertThat(last.lines().stream().filter(line -> line.startsWith("ZeroDivisionError")))
                .as("said twice, shown once")
                .hasSize(1);
    }

    @Test
    void showsTheFramesOfAFunctionOfSqlOfSpark3() {
        Traceback last = last("""
                Traceback (most recent call last):
                  File "/work/project.py", line 12, in <module>
                    frame.select(invert("x")).show()
                  File "/usr/lib/spark/python/lib/pyspark.zip/pyspark/errors/exceptions/captured.py", line 185, in deco
                pyspark.errors.exceptions.captured.PythonException:\s
                  An exception was thrown from the Python worker. Please see the stack trace below.
                Traceback (most recent call last):
                  File "/work/project.py", line 8, in invert
                    return 1 / x
                ZeroDivisionError: division by zero

                26/11/22 17:20:05 INFO ShutdownHookManager: Shutdown hook called
                """);
        assertThat(last.error()).isEqualTo("ZeroDivisionError: division by zero");
        assertThat(last.lines())
                .contains(
                        "    frame.select(invert(\"x\")).show()",
                        "  An exception was thrown from the Python worker. Please see the stack trace below.",
                        "  File \"/work/project.py\", line 8, in invert",
                        "    return 1 / x");
    }

    @Test
    void keepsTheFramesOfOneThatStandsInAJavaErrorAlone() {
        Traceback last = last("""
                26/11/22 17:20:04 ERROR Executor: Exception in task 0.0 in stage 0.0 (TID 0)
                Caused by: org.apache.spark.api.python.PythonException: Traceback (most recent call last):
                  File "/work/project.py", line 5, in invert
                    return 1 / x
                ZeroDivisionError: division by zero

                \tat org.apache.spark.api.python.BasePythonRunner.handlePythonException(PythonRunner.scala:572)
                """);
        assertThat(last.lines())
                .containsExactly(
                        "Traceback (most recent call last):",
                        "  File \"/work/project.py\", line 5, in invert",
                        "    return 1 / x",
                        "ZeroDivisionError: division by zero");
    }

    @Test
    void takesAwayTheIndentOfOneThatIsIndentedAsAWhole() {
        Traceback last = last("""
                worker said:
                    Traceback (most recent call last):
                      File "a.py", line 1, in <module>
                        boom()
                    KeyError: 'x'
                """);
        assertThat(last.lines())
                .containsExactly(
                        "Traceback (most recent call last):",
                        "  File \"a.py\", line 1, in <module>",
                        "    boom()",
                        "KeyError: 'x'");
    }

    @Test
    void keepsAMessageOfSeveralLines() {
        Traceback last = last("""
                Traceback (most recent call last):
                  File "a.py", line 1, in <module>
                pyspark.errors.exceptions.captured.AnalysisException: [UNRESOLVED_COLUMN] price cannot be resolved;
                'Project ['price]
                +- Relation [id#0L] parquet

                """);
        assertThat(last.lines()).hasSize(5).endsWith("+- Relation [id#0L] parquet");
    }

    @Test
    void findsNoneWhereThereIsNone() {
        assertThat(Traceback.last("all\nis\nwell".lines().toList())).isEmpty();
    }

    private static Traceback last(String printed) {
        List<String> lines = printed.lines().toList();
        return Traceback.last(lines).orElseThrow();
    }
}
