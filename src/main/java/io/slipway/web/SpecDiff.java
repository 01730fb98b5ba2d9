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
        Map<String, String> ofRight = fields(right, rightProject);
        return new SpecDiff(fields(left, leftProject).entrySet().stream()
                .map(field -> Row.of(field.getKey(), field.getValue(), ofRight.getOrDefault(field.getKey(), "")))
                .toList());
    }

    public long differences() {
        return rows.stream().filter(Row::isDifferent).count();
    }

    private static Map<String, String> fields(SpecAsText spec, String project) {
        Map<String, String> fields = new LinkedHashMap<>();
        SpecAsText.Launching launching = spec.program().launching();
        fields.put("Name", spec.name());
        fields.put("Project", "sha256:" + project);
        fields.put("Cluster", spec.cluster());
        fields.put("Entry point", spec.program().entryPoint());
        fields.put("Arguments", spec.program().arguments());
        fields.put("Spark settings", spec.sparkConf());
        fields.put("Environment (names)", spec.environment());
        fields.put("Labels", spec.labels());
        fields.put("Layout", launching.layout());
        fields.put("Mode", launching.mode());
        fields.put("Container", launching.container());
        fields.put("Python path", launching.pythonPath());
        fields.put("Packed environment", launching.pythonEnvironment());
        fields.put("Execution role", launching.executionRole());
        fields.put("Timeout", spec.limits().timeout());
        fields.put("Queue timeout", spec.limits().queueTimeout());
        fields.put("Attempts", spec.limits().maxAttempts());
        fields.put("Priority", Integer.toString(spec.limits().priority()));
        return fields;
    }
}
