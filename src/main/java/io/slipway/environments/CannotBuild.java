package io.slipway.environments;

/** No environment will be built there as it is; the message is a sentence for the job's owner. */
public final class CannotBuild extends Exception {

    public CannotBuild(String message) {
        super(message);
    }
}
