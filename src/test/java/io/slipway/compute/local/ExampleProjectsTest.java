package io.slipway.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The projects that we hand out run as they are. Spark is a stub of a few functions over SQLite; real Spark was not there. */
class ExampleProjectsTest {

    private static final Path EXAMPLES = Path.of("examples");
    private static final Path STUB = Path.of("src/test/resources/stub-pyspark").toAbsolutePath();

    @TempDir
    private Path home;

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
    void normalSquaresReadsItsConfigurationAndComesNearTheExpectedValue() throws IOException {
        String printed = run(plan("normal-squares", Map.of(), "project.py"));

        assertThat(printed).startsWith("Spark stub\n").contains("samples:       10000", "(expected: about 5.0000)");
        double meanSquare = Double.parseDouble(printed.replaceAll("(?s).*mean square:\\s+([0-9.]+).*", "$1"));
        assertThat(meanSquare).isBetween(4.7, 5.3);
    }

    @Test
    void aConfigurationLaidOverNormalSquaresChangesItsOutput() throws IOException {
        String other = "[spark]\napp_name = other\nmaster = local[1]\n"
                + "[distribution]\nsamples = 7\nmean = 3\ndeviation = 0\nseed = 1\n";

        String printed = run(plan("normal-squares", Map.of("data/data_source.ini", other), "project.py"));

        assertThat(printed).contains("samples:       7", "mean square:   9.0000 (expected: about 9.0000)");
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
                Map.of("PYTHONPATH", STUB.toString(), "PYTHONDONTWRITEBYTECODE", "1"));
    }

    private String run(LaunchPlan plan) throws IOException {
        RunOrder order = machine.order(plan);
        LocalCompute compute = machine.service();
        Turns.start(compute, List.of(order));
        RunReport end = await().atMost(Duration.ofSeconds(30))
                .until(() -> Turns.observe(compute, List.of(order.run())).get(0), report -> report.endedAt() != null);
        await().until(() -> !new RunFolder(machine.run(order)).isSupervised());
        assertThat(end.phase())
                .as(Files.readString(machine.run(order).resolve("stderr")))
                .isEqualTo(Phase.SUCCEEDED);
        return Files.readString(machine.run(order).resolve("stdout"));
    }
}
