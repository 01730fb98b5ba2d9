package io.slipway.project.spec;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import java.util.ArrayList;
import java.util.List;

/** The mistakes of a spec. All are counted, and as many kept as an answer may list. */
final class SpecErrors {

    private final List<Detail> first = new ArrayList<>();
    private int count;

    void add(Detail error) {
        count++;
        if (first.size() < InvalidProject.MOST_DETAILS) {
            first.add(error);
        }
    }

    /** @throws InvalidProject {@link Problem#INVALID_SPEC}, when there is any */
    void refuse() {
        if (count > 0) {
            throw new InvalidProject(Problem.INVALID_SPEC, summary(), first, count);
        }
    }

    private String summary() {
        Detail one = first.get(0);
        boolean ends = one.message().endsWith(".") || one.message().endsWith("?");
        String more = count == 1 ? "" : " And %d more.".formatted(count - 1);
        return "%s %s%s%s".formatted(one.at(), one.message(), ends ? "" : ".", more);
    }
}
