package io.slipway.compute.emr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slipway.aws.LiveDriver;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunOrder;
import io.slipway.compute.ToldEnd;
import io.slipway.jobs.ProgramEnd;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a driver tells of itself in S3, and what strangers put there. */
class EmrSignsTest {

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
        driver = new LiveDriver(fixture.s3, "my-bucket", "slipway/", order.run().submissionKey());
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
                .contains(new ToldEnd(
                        new ProgramEnd(1, at), new ToldEnd.Failure("ValueError", "no prices", "Traceback …")));
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
                .contains(new ToldEnd(new ProgramEnd(0, at.plusSeconds(60)), null));
    }

    @Test
    void anEndAtAnImpossibleTimeIsTakenForOneOfNow() {
        driver.ends(0, Instant.parse("9999-01-01T00:00:00Z"));

        assertThat(fixture.compute.signs().end(order))
                .contains(new ToldEnd(new ProgramEnd(0, fixture.clock.instant()), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"exitCode\": \"no\"}", "{\"exitCode\": 99999999999}", "LONG"})
    void whatIsNoEndAsOursWriteItIsLeftUnread(String content) {
        String written = content.equals("LONG") ? "{\"exitCode\":0,\"message\":\"" + "x".repeat(70_000) + "\"}" : content;
        fixture.s3.put("my-bucket", driver.folder() + "01/ended.json", written.getBytes(UTF_8));

        assertThat(fixture.compute.signs().end(order)).isEmpty();
    }

    @Test
    void aStoreThatDoesNotAnswerIsSaid() {
        fixture.s3.close();

        assertThatExceptionOfType(ComputeUnavailable.class)
                .isThrownBy(() -> fixture.compute.signs().end(order));
    }
}
