package io.slipway.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What readers of logs rely on. */
public interface RunOutputContract extends ClusterUnderTest {

    @Test
    default void whatARunPrintedCanBeReadAfterItsEnd() throws IOException {
        RunOrder ended = ended(orderThatSucceeds());

        for (RunStream stream : compute().output().streams(ended, null)) {
            stream.size().ifPresent(size -> assertThat(read(stream, size)).isEmpty());
            assertThat(LogStream.parse(stream.id().toString())).hasValue(stream.id());
        }

        assertThat(compute().output().streams(ended, null))
                .filteredOn(stream -> stream.id().equals(LogStream.STDOUT))
                .singleElement()
                .satisfies(stdout -> assertThat(read(stdout, 0).lines()).contains(PRINTED));
    }

    @Test
    default void whatTheProgramPrintsIsExpectedUntilNothingMoreCanCome() {
        RunOrder order = orderThatSucceeds();
        assertThat(compute().output().expectedLogs(order, null).mayCome(LogStream.STDOUT))
                .as("before it was sent")
                .isTrue();

        RunOrder ended = ended(order);

        ExpectedLogs later =
                compute().output().expectedLogs(ended, order.run().intentAt().minus(Duration.ofDays(1)));
        assertThat(later.mayCome(LogStream.STDOUT)).isFalse();
        assertThat(later.isPossible(LogStream.STDOUT)).isTrue();
        assertThat(compute().output().streams(ended, null))
                .allSatisfy(stream -> assertThat(later.isPossible(stream.id())).isTrue());
    }

    @Test
    default void aStreamIsReadFromWhereTheReaderStopped() {
        RunOrder ended = ended(orderThatSucceeds());

        assertThat(compute().output().streams(ended, null)).allSatisfy(stream -> {
            String whole = read(stream, 0);
            long half = whole.getBytes(StandardCharsets.UTF_8).length / 2;
            assertThat(whole).endsWith(read(stream, half));
            assertThat(read(stream, half).getBytes(StandardCharsets.UTF_8))
                    .hasSize((int) (whole.getBytes(StandardCharsets.UTF_8).length - half));
        });
    }

    @Test
    default void aRunThatWasNeverSentHasPrintedNothingAndIsForgottenAtOnce() {
        RunOrder neverSent = orderThatSucceeds();

        assertThat(compute().output().streams(neverSent, null)).isEmpty();
        assertThat(compute().output().findApplication(neverSent)).isEmpty();
        assertThat(compute().output().forget(neverSent.run())).isTrue();
    }

    @Test
    default void aRunThatWasNeverSentHasNoSparkUi() {
        assertThat(compute().output().sparkUi(orderThatSucceeds(), null)).isInstanceOf(SparkUi.None.class);
    }

    @Test
    default void linksLeadToAddresses() {
        assertThat(compute().output().links(orderThatSucceeds().run()).values())
                .allSatisfy(link -> assertThat(link.isAbsolute()).isTrue());
    }
}
