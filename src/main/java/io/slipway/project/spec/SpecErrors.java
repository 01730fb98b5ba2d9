package io.slipway.project.spec;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.util.ArrayList;
import java.util.List;

/** The mistakes of a spec. All are counted, and as many kept as an answer may list. */
final class SpecErrors {

    /** Stands before each field's name, such as {@code slipway.yml: }. */
    private final String prefix;

    private final Found found;

    SpecErrors() {
        this("", new Found());
    }

    private SpecErrors(String prefix, Found found) {
        this.prefix = prefix;
        this.found = found;
    }

    /** Notes the mistakes of one source, in the same list. */
    SpecErrors of(String source) {
        return new SpecErrors(source + ": ", found);
    }

    /** @param at path of the value: {@code arguments[1]}, {@code labels.team} */
    void add(String at, String message) {
        found.count++;
        if (found.first.size() < InvalidProject.MOST_DETAILS) {
            found.first.add(new Detail(prefix + Printable.of(at), message));
        }
    }

    void add(Detail problem) {
        add(problem.at(), problem.message());
    }

    /** @throws InvalidProject {@link Problem#INVALID_SPEC}, when there is any */
    void refuse() {
        if (found.count > 0) {
            throw new InvalidProject(Problem.INVALID_SPEC, summary(), found.first, found.count);
        }
    }

    private String summary() {
        Detail one = found.first.get(0);
        boolean ends = one.message().endsWith(".") || one.message().endsWith("?");
        String more = found.count == 1 ? "" : " And %d more.".formatted(found.count - 1);
        return "%s %s%s%s".formatted(one.at(), one.message(), ends ? "" : ".", more);
    }

    private static final class Found {
        private final List<Detail> first = new ArrayList<>();
        private int count;
    }
}
