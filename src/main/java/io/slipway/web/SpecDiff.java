package io.slipway.web;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    static SpecDiff of(SpecAsText left, String leftProject, SpecAsText right, String rightProject) {
        Map<String, String> ofLeft = fields(left, leftProject);
        Map<String, String> ofRight = fields(right, rightProject);
        Set<String> names = new LinkedHashSet<>(ofLeft.keySet());
        names.addAll(ofRight.keySet());
        return new SpecDiff(names.stream()
                .map(name -> Row.of(name, ofLeft.getOrDefault(name, ""), ofRight.getOrDefault(name, "")))
                .toList());
    }

    public long differences() {
        return rows.stream().filter(Row::isDifferent).count();
    }

    private static Map<String, String> fields(SpecAsText spec, String project) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Project", "sha256:" + project);
        spec.entries().forEach(entry -> fields.put(entry.label(), entry.text()));
        return fields;
    }
}
