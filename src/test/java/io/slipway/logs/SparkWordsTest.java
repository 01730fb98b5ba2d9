package io.slipway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.StepOutput;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Logs of the shapes that a real Spark on YARN wrote. */
class SparkWordsTest {

    @Test
    void tellTheStatusOfAProgramThatEndedItself() {
        assertThat(words(StepOutput.exited(3)).exitStatus()).isEqualTo(3);
        assertThat(words("	 diagnostics: User application exited with status 42\n")
                        .exitStatus())
                .isEqualTo(42);
    }

    @Test
    void sayInPlainWordsThatAProgramMadeNoContext() {
        SparkWords words = words(StepOutput.WITHOUT_CONTEXT);
        assertThat(words.sentence()).contains("no SparkContext", "exit code 13", "mode client");
        assertThat(words.exitStatus()).as("the program's own is not known").isNull();
    }

    @Test
    void sayThatTheDriverHadNotEnoughMemory() {
        String yarn =
                "[2026-01-05] Container [pid=7,containerID=container_1_0001_01_000001] is running 7340032B beyond the"
                        + " 'PHYSICAL' memory limit. Current usage: 2.4 GB of 2.4 GB physical memory used.\n";
        assertThat(words(yarn).sentence()).contains("spark.driver.memory");
        assertThat(words("26/01/05 12:00:31 INFO MemoryStore: MemoryStore started\n")
                        .isNothing())
                .isTrue();
    }

    @Test
    void tellNoStatusThatIsNone() {
        assertThat(words("User application exited with status 999\n").exitStatus())
                .isNull();
        assertThat(words("User application exited with status 99999\n").exitStatus())
                .isNull();
    }

    @Test
    void takeTheStatusOfAStepForTheProgramsOnlyOnThePrimaryNode() {
        List<String> end = List.of("printed", "Command exiting with ret '7'");
        assertThat(SparkWords.in(end, true).exitStatus()).isEqualTo(7);
        assertThat(SparkWords.in(end, false).exitStatus()).isNull();
        assertThat(SparkWords.in(List.of("Command exiting with ret '7'", "printed"), true)
                        .exitStatus())
                .isNull();
    }

    private static SparkWords words(String log) {
        return SparkWords.in(log.lines().toList(), false);
    }
}
