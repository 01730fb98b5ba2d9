package io.slipway.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.DataPackages;
import io.slipway.compute.RunOrder;
import io.slipway.compute.Turns;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The projects that we hand out run as they are. Spark is a stub of a few functions over SQLite; real Spark was not there. */
class ExampleProjectsTest {

    private static final Path EXAMPLES = Path.of("examples");
    private static final Path STUB = Path.of("src/test/resources/stub-pyspark").toAbsolutePath();

    @TempDir
    private Path home;

    @AutoClose
    private LocalMachine machine;

    @BeforeEach
    void prepareTheMachine() {
        machine = new LocalMachine(home);
    }

    @Test
    void wordReportPrintsWhatItsConfigurationSays() throws IOException {
        String printed = run(plan("word-report", Map.of(), "main.py"));

        assertThat(printed).startsWith("Words of the yard\n=================\ntexts/launch_day.txt: ");
        assertThat(printed.lines().filter(line -> line.contains("#")))
                .hasSize(5)
                .first()
                .asString()
                .startsWith("ship ");
    }

    @Test
    void aConfigurationLaidOverWordReportChangesItsOutput() throws IOException {
        String other = "[report]\ntitle = Of production\ntext = texts/launch_day.txt\ntop = 2\n";

        String printed = run(plan("word-report", Map.of("conf/report.ini", other), "main.py"));

        assertThat(printed).startsWith("Of production\n");
        assertThat(printed.lines().filter(line -> line.contains("#"))).hasSize(2);
    }

    @Test
    void wordReportTakesItsTextAsAnArgument() throws IOException {
        String printed = run(plan(
                "word-report", Map.of("texts/two words.txt", "only only twice"), "main.py", "texts/two words.txt"));

        assertThat(printed)
                .contains("texts/two words.txt: 3 words, 2 different")
                .contains("only            2");
    }

    @Test
    void normalSquaresWithTheConfigurationOfThisMachineComesNearTheExpectedValue() throws IOException {
        String local = Files.readString(EXAMPLES.resolve("normal-squares/local.ini"));

        String printed = run(plan("normal-squares", Map.of("data/data_source.ini", local), "project.py"));

        assertThat(printed).startsWith("Spark stub\n").contains("samples:       10000", "(expected: about 20.0000)");
        assertThat(number(printed, "mean:")).isBetween(1.8, 2.2);
        assertThat(number(printed, "mean square:")).isBetween(18.8, 21.2);
    }

    @Test
    void aConfigurationLaidOverNormalSquaresChangesItsOutput() throws IOException {
        String other = "[spark]\napp_name = other\nmaster_url = local[1]\n"
                + "[distribution]\nsamples = 7\nmean = 3\ndeviation = 0\nseed = 1\n";

        String printed = run(plan("normal-squares", Map.of("data/data_source.ini", other), "project.py"));

        assertThat(printed)
                .contains(
                        "samples:       7",
                        "mean:          6.0000",
                        "mean square:   36.0000 (expected: about 36.0000)");
    }

    @Test
    void normalSquaresAsItIsWantsAYarn() throws IOException {
        assertThat(fail(plan("normal-squares", Map.of(), "project.py")))
                .contains("When running with master 'yarn' either HADOOP_CONF_DIR or YARN_CONF_DIR must be set");
    }

    /** Its first import is the one that the console knows the way out of. */
    @Test
    void normalSquaresWithoutSparkFailsForWantOfPyspark() throws IOException {
        LaunchPlan plan = new LaunchPlan(
                machine.store(LocalMachine.filesOf(EXAMPLES.resolve("normal-squares"))),
                "project.py",
                List.of(),
                Map.of(),
                Map.of("PYTHONDONTWRITEBYTECODE", "1"));

        assertThat(fail(plan)).contains("No module named 'pyspark'");
    }

    @Test
    void splitLookupLooksCodesUpWithSpark() throws IOException {
        assertThat(run(plan("split-lookup", Map.of(), "main.py", "DE", "FR"))).isEqualTo("DE Germany\nFR France\n");
    }

    private LaunchPlan plan(String example, Map<String, String> overlay, String entryPoint, String... arguments)
            throws IOException {
        Map<String, String> files = LocalMachine.filesOf(EXAMPLES.resolve(example));
        files.putAll(overlay);
        return new LaunchPlan(
                machine.store(files),
                entryPoint,
                List.of(arguments),
                Map.of(),
                Map.of("PYTHONPATH", STUB + ":" + DataPackages.folder(), "PYTHONDONTWRITEBYTECODE", "1"));
    }

    private static double number(String printed, String line) {
        return Double.parseDouble(printed.replaceAll("(?s).*" + line + "\\s+([0-9.]+).*", "$1"));
    }

    /** @return what it printed */
    private String run(LaunchPlan plan) throws IOException {
        return Files.readString(end(plan, Phase.SUCCEEDED).resolve("stdout"));
    }

    /** @return what it said of its failure */
    private String fail(LaunchPlan plan) throws IOException {
        return Files.readString(end(plan, Phase.FAILED).resolve("stderr"));
    }

    private Path end(LaunchPlan plan, Phase phase) throws IOException {
        RunOrder order = machine.order(plan);
        LocalCompute compute = machine.service();
        Turns.start(compute, List.of(order));
        RunReport end = await().atMost(Duration.ofSeconds(30))
                .until(() -> Turns.observe(compute, List.of(order.run())).get(0), report -> report.endedAt() != null);
        await().until(() -> !new RunFolder(machine.run(order)).isSupervised());
        assertThat(end.phase())
                .as(Files.readString(machine.run(order).resolve("stderr")))
                .isEqualTo(phase);
        return machine.run(order);
    }
}
