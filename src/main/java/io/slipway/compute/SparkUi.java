package io.slipway.compute;

import java.net.URI;
import java.time.Duration;

/** Where people can look at what Spark shows of a run. */
public sealed interface SparkUi {

    /** @param uri good for whoever has it, for a short time: never stored, never logged */
    record Ready(URI uri) implements SparkUi {
        @Override
        public String toString() {
            return "Ready[…]";
        }
    }

    /** It is being made, as long as somebody goes on asking. */
    record Coming(String message, Duration askAgain) implements SparkUi {}

    /** There is none, and asking again will not help soon. */
    record None(String message) implements SparkUi {}
}
