package io.slipway.environments;

/** There is no such environment, or none that the caller may see. */
public class UnknownEnvironment extends RuntimeException {

    public UnknownEnvironment(String id) {
        super("There is no environment " + id + ".");
    }
}
