package io.slipway.environments;

/** Who only uses an environment wants to have it changed. */
public class SharedEnvironment extends RuntimeException {

    SharedEnvironment(String id) {
        super("Environment " + id + " was built for somebody else: its owner and operators have it built anew."
                + " All of it is named by hashes, so it would be the same.");
    }
}
