package io.slipway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TracebackTest {

    @Test
    void takesTheLastTraceback() {
        Traceback last = Traceback.last("""
                        starting
                        Traceback (most recent call last):
                          File "a.py", line 1, in <module>
                        KeyError: 'x'

                        During handling of the above exception, another exception occurred:

                        Traceback (most recent call last):
                          File "a.py", line 3, in <module>
                            raise ValueError('no prices')
                        ValueError: no prices
                        26/11/22 17:20:05 INFO ShutdownHookManager: Shutdown hook called
                        """.lines().toList()).orElseThrow();
        assertThat(last.error()).isEqualTo("ValueError: no prices");
        assertThat(last.lines()).hasSize(4).doesNotContain("KeyError: 'x'");
    }

    @Test
    void leavesOutTheJavaStackBehindAPythonError() {
        Traceback last = Traceback.last("""
                        Traceback (most recent call last):
                          File "job.py", line 9, in <module>
                            frame.show()
                        py4j.protocol.Py4JJavaError: An error occurred while calling o45.showString.
                        : org.apache.spark.SparkException: Job aborted due to stage failure
                        \tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:2785)
                        \tat org.apache.spark.scheduler.DAGScheduler.$anonfun$abortStage$2(DAGScheduler.scala:2721)
                        Caused by: java.lang.RuntimeException
                        """.lines().toList()).orElseThrow();
        assertThat(last.error()).isEqualTo(": org.apache.spark.SparkException: Job aborted due to stage failure");
        assertThat(last.lines()).noneMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void findsNoneWhereThereIsNone() {
        assertThat(Traceback.last("all\nis\nwell".lines().toList())).isEmpty();
    }
}
