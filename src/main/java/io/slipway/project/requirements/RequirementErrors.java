package io.slipway.project.requirements;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with requirement files, all of it at once. */
final class RequirementErrors {

    private final List<Detail> details = new ArrayList<>();
    private int count;

    /** @param line from 1; 0 for the file as a whole */
    void add(String file, int line, String message) {
        count++;
        if (details.size() < InvalidProject.MOST_DETAILS) {
            details.add(new Detail(Printable.of(file) + (line > 0 ? ":" + line : ""), message));
        }
    }

    void refuse() {
        if (count > 0) {
            Detail first = details.get(0);
            throw new InvalidProject(
                    Problem.INVALID_SPEC,
                    "%s: %s.".formatted(first.at(), first.message())
                            + (count > 1 ? " %,d lines are wrong; see errors.".formatted(count) : ""),
                    details,
                    count);
        }
    }
}
