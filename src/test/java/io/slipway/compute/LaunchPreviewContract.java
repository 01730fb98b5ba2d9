package io.slipway.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What those rely on who ask, before anything is sent, what a plan becomes. */
public interface LaunchPreviewContract extends ClusterUnderTest {

    @Test
    default void aPreviewStartsNothing() {
        RunOrder order = orderThatSucceeds();

        Preview preview = compute().preview().preview(order, List.of());

        assertThat(preview.problems()).isEmpty();
        assertThat(preview.arguments()).isNotEmpty();
        assertThat(preview.commandLine()).isNotBlank();
        letItGoOn();
        assertThat(starts(order.run().submissionKey().value())).isZero();
    }

    @Test
    default void aPlanHasAPreviewBeforeItsRunHasAKey() {
        RunOrder order = orderThatSucceeds();

        Preview before = compute().preview().preview(order.jobName(), order.plan(), List.of());
        Preview after = compute().preview().preview(order, List.of());

        assertThat(before.arguments()).hasSameSizeAs(after.arguments());
        assertThat(before.driver()).isEqualTo(after.driver());
    }

    @Test
    default void aPathOfSomethingElseIsNoFileOfTheProject() {
        assertThat(compute().preview().pathInProject(orderThatSucceeds(), "/usr/lib/python3/json/decoder.py"))
                .isEmpty();
    }
}
