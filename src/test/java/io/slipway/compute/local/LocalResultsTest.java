package io.slipway.compute.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.slipway.compute.ResultLimits;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunResults;
import io.slipway.compute.Turns;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.project.ArtifactId;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What is kept of a run's working folder on this machine, with real processes. */
class LocalResultsTest {

    @TempDir
    private Path home;

    @AutoClose
    private LocalMachine machine;

    private LocalCompute compute;

    @Test
    void whatTheProgramWroteWhereItWasWantedIsKept() throws IOException {
        RunOrder run = run(
                ResultLimits.DEFAULT,
                List.of("out/**", "*.csv"),
                "import os",
                "os.makedirs('out/deep/er')",
                "open('out/a.txt', 'w').write('one')",
                "open('out/deep/er/b c.txt', 'w').write('two')",
                "open('table.csv', 'w').write('x')",
                "open('other.txt', 'w').write('no')");

        RunResults kept = kept(run);
        assertThat(kept.files())
                .containsExactlyInAnyOrder(
                        new RunResults.File("table.csv", 1),
                        new RunResults.File("out/a.txt", 3),
                        new RunResults.File("out/deep/er/b c.txt", 3));
        assertThat(kept.note()).isNull();
        assertThat(read(run, "out/deep/er/b c.txt")).isEqualTo("two");
        await().until(() -> !Files.exists(folder(run).resolve("project")));
        assertThat(compute.output().forget(run.run())).isTrue();
        assertThat(folder(run)).doesNotExist();
    }

    @Test
    void aRunThatFailsLeavesWhatItWrote() throws IOException {
        RunOrder run = run(
                ResultLimits.DEFAULT,
                List.of("report.txt"),
                "open('report.txt', 'w').write('half')",
                "raise SystemExit(3)");

        assertThat(kept(run).files()).containsExactly(new RunResults.File("report.txt", 4));
    }

    @Test
    void linksAreNeitherFollowedNorKept() throws IOException {
        Path secret = Files.writeString(home.resolve("secret"), "secret");
        RunOrder run = run(
                ResultLimits.DEFAULT,
                List.of("out"),
                "import os",
                "os.makedirs('out')",
                "os.symlink('" + secret + "', 'out/link')",
                "os.symlink('" + home + "', 'out/folder')",
                "os.makedirs('../results')",
                "os.symlink('" + home + "', '../results/files')",
                "open('out/a', 'w').write('1')");

        RunResults kept = kept(run);
        assertThat(kept.files()).containsExactly(new RunResults.File("out/a", 1));
        assertThat(kept.leftOut()).extracting(RunResults.LeftOut::path).containsExactly("out/folder", "out/link");
        for (String path : List.of("out/link", "out/folder/secret", "../../secret", "/etc/passwd", "out/../out/a")) {
            assertThatExceptionOfType(FileNotFoundException.class)
                    .isThrownBy(() -> compute.signs().openResult(run, path));
        }
    }

    @Test
    void aLinkThatSomebodyPutsThereLaterIsNotFollowed() throws IOException {
        RunOrder run = run(ResultLimits.DEFAULT, List.of("a"), "open('a', 'w').write('1')");
        kept(run);
        Path secret = Files.writeString(home.resolve("secret"), "secret");
        Path file = folder(run).resolve("results/files/a");
        Files.delete(file);
        Files.createSymbolicLink(file, secret);

        assertThatExceptionOfType(FileNotFoundException.class)
                .isThrownBy(() -> compute.signs().openResult(run, "a"));
    }

    @Test
    void whatIsTooManyOrTooLargeIsNamedAndLeftOut() throws IOException {
        RunOrder run = run(
                new ResultLimits(2, DataSize.ofBytes(10), Duration.ofMinutes(1)),
                List.of("*.bin"),
                "for name, size in (('a', 4), ('b', 8), ('c', 4), ('d', 1)):",
                "    open(name + '.bin', 'w').write('x' * size)");

        RunResults kept = kept(run);
        assertThat(kept.files()).extracting(RunResults.File::path).containsExactly("a.bin", "c.bin");
        assertThat(kept.leftOut())
                .containsExactly(
                        new RunResults.LeftOut("b.bin", "With it they are too large together."),
                        new RunResults.LeftOut("d.bin", "There are more than 2 files."));
    }

    private RunOrder run(ResultLimits limits, List<String> results, String... lines) {
        machine = new LocalMachine(home);
        compute = machine.service(limits);
        Launch usual = Launch.DEFAULT;
        Launch launch = new Launch(
                usual.layout(),
                usual.mode(),
                null,
                usual.python(),
                null,
                usual.failOn(),
                Map.of(),
                Launch.Showing.of(true, results));
        ArtifactId project = machine.store(Map.of("main.py", String.join("\n", lines) + "\n"));
        RunOrder order = machine.order(new LaunchPlan(project, "main.py", List.of(), Map.of(), Map.of(), launch));
        Turns.start(compute, List.of(order));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Turns.observe(compute, List.of(order.run())).stream()
                        .allMatch(report -> report.phase() == Phase.SUCCEEDED || report.phase() == Phase.FAILED));
        return order;
    }

    private RunResults kept(RunOrder run) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> compute.signs().results(run).isPresent());
        return compute.signs().results(run).orElseThrow();
    }

    private Path folder(RunOrder run) {
        return home.resolve("runs").resolve(run.run().submissionKey().value());
    }

    private String read(RunOrder run, String path) throws IOException {
        try (InputStream in = compute.signs().openResult(run, path)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
