package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What tests need of the machine beside a JDK. */
public final class TestMachine {

    private TestMachine() {}

    /** Skips the test where a developer lacks something; fails it where {@code CI=true}, so that a green build has seen everything. */
    public static void needs(boolean there, String what) {
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            assertThat(there).as("%s (needed where CI=true)", what).isTrue();
        }
        assumeTrue(there, what);
    }
}
