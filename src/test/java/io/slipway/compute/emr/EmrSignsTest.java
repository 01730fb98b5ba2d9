package io.slipway.compute.emr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.slipway.aws.LiveDriver;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.ReportedEnd;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunProgress;
import io.slipway.compute.RunResults;
import io.slipway.jobs.ProgramEnd;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a driver tells of itself in S3, and what strangers put there. */
class EmrSignsTest {

    private static final String ONE_STAGE = """
        {"applicationId":"application_1767614400000_0042","executors":4,"activeJobs":1,"activeStages":1,
         "stages":[{"id":7,"name":"count at app.py:10","tasks":200,"active":8,"completed":%d,"failed":0}]}\
        """;

    private EmrFixture fixture;
    private RunOrder order;
    private LiveDriver driver;

    @BeforeEach
    void start() throws IOException {
        fixture = EmrFixture.live();
        fixture.s3.withBucket("my-bucket");
        fixture.compute.executor().observe(List.of());
        order = fixture.order("job");
        order = new RunOrder(EmrFixture.known(order, fixture.start(order)), order.jobName(), order.plan());
        driver = new LiveDriver(
                fixture.s3, "my-bucket", "slipway/", order.run().submissionKey().value());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void theEndOfAProgramIsReadWithItsException() {
        Instant at = fixture.clock.instant();
        driver.fails(at, "ValueError", "no prices", "Traceback …");

        assertThat(fixture.compute.signs().end(order))
                .contains(new ReportedEnd(
                        new ProgramEnd(1, at), new ReportedEnd.Failure("ValueError", "no prices", "Traceback …")));
    }

    @Test
    void aDriverThatTellsNothingHasNoEnd() {
        driver.prints("hello\n");

        assertThat(fixture.compute.signs().end(order)).isEmpty();
    }

    @Test
    void theLastAttemptOfTheApplicationIsTheOneThatCounts() {
        Instant at = fixture.clock.instant();
        driver.ends(1, at);
        driver.again().ends(0, at.plusSeconds(60));

        assertThat(fixture.compute.signs().end(order))
                .contains(new ReportedEnd(new ProgramEnd(0, at.plusSeconds(60)), null));
    }

    @Test
    void anEndAtAnImpossibleTimeIsTakenForOneOfNow() {
        driver.ends(0, Instant.parse("9999-01-01T00:00:00Z"));

        assertThat(fixture.compute.signs().end(order))
                .contains(new ReportedEnd(new ProgramEnd(0, fixture.clock.instant()), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"exitCode\": \"no\"}", "{\"exitCode\": 99999999999}", "LONG"})
    void whatIsNoEndAsOursWriteItIsLeftUnread(String content) {
        String written =
                content.equals("LONG") ? "{\"exitCode\":0,\"message\":\"" + "x".repeat(70_000) + "\"}" : content;
        fixture.s3.put("my-bucket", driver.folder() + "01/ended.json", written.getBytes(UTF_8));

        assertThat(fixture.compute.signs().end(order)).isEmpty();
    }

    @Test
    void howFarAWatchedRunIsComesWithTheNextLook() {
        driver.progresses(ONE_STAGE.formatted(50));
        assertThat(watched()).isEmpty();
        await().untilAsserted(() -> assertThat(watched()).isPresent());

        RunProgress first = watched().orElseThrow();
        assertThat(first.applicationId()).isEqualTo("application_1767614400000_0042");
        assertThat(first.stages()).containsExactly(new RunProgress.Stage(7, "count at app.py:10", 200, 8, 50, 0));
        assertThat(first.percent()).isEqualTo(25);
        assertThat(first.tasksPerSecond()).isNull();

        driver.progresses(ONE_STAGE.formatted(100));
        await().untilAsserted(() -> {
            // A fetch that began before may be under way still; the next one is due two seconds later.
            fixture.clock.advance(Duration.ofSeconds(2));
            assertThat(watched().orElseThrow().percent()).isEqualTo(50);
        });
    }

    @Test
    void nothingIsFetchedOfARunThatNobodyWatches() {
        driver.progresses(ONE_STAGE.formatted(50));

        assertThat(fixture.compute.signs().progress(order, false)).isEmpty();
        assertThat(fixture.compute.signs().progress(order, false)).isEmpty();
        assertThat(fixture.s3.calls()).noneMatch(call -> call.contains("progress") || call.contains("List"));
    }

    @Test
    void aDriverThatWasHeardAndIsNotAnyMoreIsSilentAsLongAsSomebodyListens() {
        driver.progresses("{}");
        await().untilAsserted(() -> assertThat(watched()).isPresent());
        fixture.clock.advance(Duration.ofMinutes(10));
        assertThat(fixture.compute.signs().silent()).as("nobody listened").isEmpty();

        await().untilAsserted(() -> {
            // The look before may have ended behind the jump.
            fixture.clock.advance(Duration.ofSeconds(2));
            watched();
            assertThat(fixture.compute.signs().silent())
                    .containsExactly(order.run().submissionKey().value());
        });
        driver.progresses("{}");
        await().untilAsserted(() -> {
            fixture.clock.advance(Duration.ofSeconds(2));
            watched();
            assertThat(fixture.compute.signs().silent()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"executors\": {}}",
                "{\"stages\": [null, 3]}",
                "{\"stages\": [{\"id\": 1, \"tasks\": 1e99}]}",
            })
    void whatIsNoProgressAsOursWriteItIsNotShown(String content) {
        fixture.s3.put("my-bucket", driver.folder() + "01/progress.json", content.getBytes(UTF_8));
        watched();
        await().until(() -> fixture.s3.calls().stream().anyMatch(call -> call.contains("GetObject")));

        assertThat(watched()).isEmpty();
    }

    @Test
    void whatAStrangerWritesAsProgressIsBounded() {
        String stages = IntStream.range(0, 50)
                .mapToObj(n -> "{\"id\":%d,\"name\":\"%s\",\"tasks\":-5,\"completed\":9}"
                        .formatted(n, "a\\u202eb".repeat(100)))
                .collect(Collectors.joining(","));
        fixture.s3.put(
                "my-bucket",
                driver.folder() + "01/progress.json",
                ("{\"applicationId\":\"<b>\",\"stages\":[" + stages + "]}").getBytes(UTF_8));
        await().untilAsserted(() -> assertThat(watched()).isPresent());

        RunProgress shown = watched().orElseThrow();
        assertThat(shown.applicationId()).isNull();
        assertThat(shown.stages()).hasSize(10).allSatisfy(stage -> {
            assertThat(stage.name()).hasSize(200).doesNotContain("\u202e");
            assertThat(stage.tasks()).isZero();
            assertThat(stage.percent()).isZero();
        });
    }

    private Optional<RunProgress> watched() {
        return fixture.compute.signs().progress(order, true);
    }

    @Test
    void theFilesThatTheDriverPutInPlaceAreTheResults() throws IOException {
        assertThat(fixture.compute.signs().results(order)).isEmpty();
        driver.keeps("out/a b.txt", "one".getBytes(UTF_8));
        driver.hasKept(null);

        RunResults kept = fixture.compute.signs().results(order).orElseThrow();
        assertThat(kept.files()).containsExactly(new RunResults.File("out/a b.txt", 3));
        assertThat(kept.leftOut()).containsExactly(new RunResults.LeftOut("out/large", "It is too large."));
        try (InputStream in = fixture.compute.signs().openResult(order, "out/a b.txt")) {
            assertThat(in.readAllBytes()).isEqualTo("one".getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../results.json", "/etc/passwd", "a//b", "a/../b", "./a", "a/.", "", "a\\b", "x/"})
    void noPathLeadsOutOfTheResults(String path) {
        driver.keeps(path, "one".getBytes(UTF_8));
        driver.hasKept(null);

        assertThat(fixture.compute.signs().results(order).orElseThrow().files()).isEmpty();
        assertThatExceptionOfType(FileNotFoundException.class)
                .isThrownBy(() -> fixture.compute.signs().openResult(order, path));
    }

    @Test
    void aRunThatIsForgottenLeavesNoResults() {
        driver.keeps("a", "one".getBytes(UTF_8));
        driver.hasKept(null);
        driver.ends(0, fixture.clock.instant());

        assertThat(fixture.compute.output().forget(order.run())).isTrue();

        assertThat(fixture.s3.keys("my-bucket")).isEmpty();
    }

    @Test
    void aStoreThatDoesNotAnswerIsSaid() {
        fixture.s3.close();

        assertThatExceptionOfType(ComputeUnavailable.class)
                .isThrownBy(() -> fixture.compute.signs().end(order));
    }
}
