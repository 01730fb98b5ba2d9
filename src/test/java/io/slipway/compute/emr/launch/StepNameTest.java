package io.slipway.compute.emr.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.SubmissionKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepNameTest {

    private static final String KEY = "01JH0000000000000000000001-2";

    @Test
    void theKeyIsFoundAgain() {
        assertThat(StepName.of("daily report", new SubmissionKey(KEY))).isEqualTo("daily report [" + KEY + "]");
        assertThat(StepName.key("daily report [" + KEY + "]")).contains(new SubmissionKey(KEY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x [01JH0000000000000000000009-1]",
                "[01JH0000000000000000000009-1]",
                "a]b[c",
                "",
                "  ",
                "<b>$|`\n",
                "é"
            })
    void noJobCanBeNamedAfterAnothersKey(String jobName) {
        String name = StepName.of(jobName, new SubmissionKey(KEY));

        assertThat(StepName.key(name)).contains(new SubmissionKey(KEY));
        assertThat(name).matches("[A-Za-z0-9 ._:/-]+ \\[" + KEY + "]");
    }

    @Test
    void aLongNameIsCutAndItsKeyIsNot() {
        String name = StepName.of("n".repeat(400), new SubmissionKey(KEY));

        assertThat(name).hasSize(256).endsWith(" [" + KEY + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Spark application", "x [y] z", "[a b]", "report [01J-1] [01J-2]", "x[01J-1]"})
    void otherPeoplesStepsHaveNoKey(String name) {
        assertThat(StepName.key(name)).isEmpty();
    }

    @Test
    void theApplicationHasNoBlankInItsName() {
        assertThat(StepName.ofApplication("daily report", new SubmissionKey(KEY)))
                .isEqualTo("daily_report-" + KEY);
    }
}
