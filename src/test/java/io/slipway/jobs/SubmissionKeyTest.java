package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionKeyTest {

    private static final String TEN = "0123456789";
    private static final String FIFTY = TEN + TEN + TEN + TEN + TEN;
    private static final String LONGEST = FIFTY + FIFTY;

    @ParameterizedTest
    @ValueSource(
            strings = {"01M8PHZ74EXKWTW69F5PJPHJJV-1.2", "cleanup-01M8PHZ90WAAAQ6B08TA34BFFA", "a", "Z_9", LONGEST})
    void namesWhatIsSent(String text) {
        assertThat(SubmissionKey.parse(text)).contains(new SubmissionKey(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", ".", "_a", "a b", "a/b", "a\n", "a]", "ä", "a\u0661", LONGEST + "0"})
    void isNoOtherText(String text) {
        assertThat(SubmissionKey.parse(text)).isEmpty();
        assertThatThrownBy(() -> new SubmissionKey(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
