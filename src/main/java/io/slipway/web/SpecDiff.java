package io.slipway.web;

import io.slipway.jobs.Job;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What was asked of two jobs, side by side. */
record SpecDiff(List<Row> rows) {

    /**
     * One field. What is in one of them alone is told line by line: most fields hold one entry a line.
     *
     * @param common lines that both have
     */
    record Row(String field, Set<String> left, Set<String> right, Set<String> common) {

        public boolean isDifferent() {
            return !left.isEmpty() || !right.isEmpty();
        }

        static Row of(String field, String left, String right) {
            Set<String> ofLeft = lines(left);
            Set<String> ofRight = lines(right);
            Set<String> common = new LinkedHashSet<>(ofLeft);
            common.retainAll(ofRight);
            ofLeft.removeAll(common);
            ofRight.removeAll(common);
            // Two orders of the same arguments are not the same.
            return ofLeft.isEmpty() && ofRight.isEmpty() && !left.equals(right)
                    ? new Row(field, Set.of(left), Set.of(right), Set.of())
                    : new Row(field, ofLeft, ofRight, common);
        }

        private static Set<String> lines(String text) {
            return new LinkedHashSet<>(text.lines().toList());
        }
    }

    /** Of both jobs every field that one of them says something in. */
    static SpecDiff of(Job left, Job right) {
        Map<String, String> ofLeft = fields(left);
        Map<String, String> ofRight = fields(right);
        return new SpecDiff(Stream.concat(ofLeft.keySet().stream(), ofRight.keySet().stream())
                .distinct()
                .map(field -> Row.of(field, ofLeft.getOrDefault(field, ""), ofRight.getOrDefault(field, "")))
                .toList());
    }

    public long differences() {
        return rows.stream().filter(Row::isDifferent).count();
    }

    private static Map<String, String> fields(Job job) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Project", "sha256:" + job.projectId());
        SpecAsText.of(job).said().forEach(entry -> fields.put(entry.label(), entry.text()));
        return fields;
    }
}
