package io.slipway.submission;

import io.slipway.project.Finding;
import java.util.List;

/** The job was to be refused when its plan has warnings, and it has. */
public final class PlanHasWarnings extends RuntimeException {

    private static final int MOST = 100;

    private final List<Finding> warnings;

    PlanHasWarnings(List<Finding> warnings) {
        super("The plan has " + warnings.size() + (warnings.size() == 1 ? " warning" : " warnings")
                + " and failOn is warning; see errors. The first: "
                + warnings.get(0).what() + " "
                + warnings.get(0).wayOut());
        this.warnings = Finding.capped(warnings, MOST);
    }

    public List<Finding> warnings() {
        return warnings;
    }
}
