package io.slipway.web;

import io.slipway.jobs.Job;
import io.slipway.project.spec.About;
import io.slipway.project.spec.SpecField;
import io.slipway.project.spec.SpecLines;
import java.util.List;
import java.util.Map;

/**
 * What was asked of a job, field by field as text: to be read on its page, or to be edited for another run. One entry a line. Of the
 * environment these are the names alone: values are write-only, and a name alone keeps its value for another run.
 */
record SpecAsText(List<Entry> entries) {

    static final SpecAsText EMPTY = new SpecAsText(
            SpecField.all().stream().map(field -> new Entry(field, "")).toList());

    /**
     * @param choices what may be chosen; empty for a field in which anything can be written
     * @param silent what stands there while nothing is chosen or written
     */
    record Entry(SpecField field, String text, List<String> choices, String silent) {

        Entry(SpecField field, String text) {
            this(field, text, field.choices(), field.about().placeholder());
        }

        public String key() {
            return field.key();
        }

        public String label() {
            return field.about().label();
        }

        public String note() {
            return field.about().note();
        }

        /** Whether it takes several lines. */
        public boolean isLong() {
            return !field.kind().isSingle();
        }

        public boolean isNumber() {
            return field.kind() == SpecField.Kind.NUMBER;
        }

        /** Values that nobody can read again travel in another way. */
        public boolean isWriteOnly() {
            return field.equals(SpecField.ENVIRONMENT);
        }
    }

    static SpecAsText of(Job job) {
        Map<SpecField, List<String>> lines = SpecLines.of(job.spec());
        return new SpecAsText(lines.entrySet().stream()
                .map(entry -> new Entry(entry.getKey(), String.join("\n", entry.getValue())))
                .toList());
    }

    /** With these clusters to choose from. */
    SpecAsText among(List<String> clusters, String defaultCluster) {
        String silent = "As the project says" + (defaultCluster.isEmpty() ? "" : ", else " + defaultCluster);
        return new SpecAsText(entries.stream()
                .map(entry -> entry.field().equals(SpecField.CLUSTER)
                        ? new Entry(entry.field(), entry.text(), clusters, silent)
                        : entry)
                .toList());
    }

    /** The fields of one part of the form. */
    public List<Entry> part(String part) {
        return entries.stream()
                .filter(entry -> entry.field().about().part() == About.Part.valueOf(part))
                .toList();
    }

    /** Where something was asked, or is so by default. */
    public List<Entry> said() {
        return entries.stream().filter(entry -> !entry.text().isEmpty()).toList();
    }
}
