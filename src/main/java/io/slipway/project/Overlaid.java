package io.slipway.project;

import java.util.Locale;

/** What a configuration file did that was laid over a project. */
public enum Overlaid {
    /** The project had a file at its path. */
    REPLACED,
    /** It had none there. */
    ADDED;

    /** As callers read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
