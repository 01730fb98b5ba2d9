package io.slipway.project.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.project.JobSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** The one record that all forms of a spec are made from. */
class WrittenSpecTest {

    private final SpecReader reader = new SpecReader();

    /** Its own example is a value of each field: what comes back must be what was written, field by field. */
    @Test
    void everyFieldComesBackAsItWasWritten() {
        ObjectNode written = SpecBinder.JSON.createObjectNode();
        for (SpecField field : SpecField.all()) {
            String example = field.about().example();
            written.set(
                    field.key(),
                    field.kind().isSingle()
                            ? written.stringNode(other(field))
                            : SpecBinder.JSON.readTree(example.replace("null", "\"x\"")));
        }
        written.remove("container");
        // What brings its packages has none installed.
        written.set("python", SpecBinder.JSON.readTree("{\"version\": \"3.11\"}"));
        // It decides what of the upload is read, and is no part of what runs.
        written.remove("projectFolder");
        JobSpec spec = reader.read(written.toString(), Map.of(), null);

        Map<SpecField, List<String>> lines = SpecLines.of(spec);
        assertThat(lines.keySet()).containsExactlyElementsOf(SpecField.all());
        Map<String, List<String>> again = new LinkedHashMap<>();
        lines.forEach((field, values) -> again.put(field.key(), values));
        assertThat(again.get("environment")).containsExactlyInAnyOrder("STAGE", "PASSWORD");
        again.put("environment", List.of("STAGE=test", "PASSWORD=x"));
        again.values().removeIf(List::isEmpty);
        assertThat(again.keySet()).containsExactlyInAnyOrderElementsOf(written.propertyNames());
        assertThat(reader.read(null, again, null)).isEqualTo(spec);
        assertThat(again.get("timeout")).isNotEqualTo(again.get("queueTimeout"));
    }

    /** Else a job that is sent again, perhaps elsewhere, would insist on what its first sender did not ask for. */
    @Test
    void whatWasFoundInTheProjectIsNotWrittenAsIfItHadBeenNamed() {
        JobSpec spec = reader.read("{\"python\": {\"version\": \"3.11\"}}", Map.of(), null);

        assertThat(SpecLines.of(spec.finding("requirements.txt")).get(SpecField.PYTHON))
                .isEqualTo(SpecLines.of(spec).get(SpecField.PYTHON))
                .containsExactly("version=3.11");
    }

    /** Never what the field has when nothing is said, where there is another choice. */
    private static String other(SpecField field) {
        return switch (field.kind()) {
            case CHOICE -> field.choices().get(1);
            case NUMBER -> String.valueOf(field.most());
            case TEXT, DURATION -> field.about().example();
            case LIST, MAP -> throw new IllegalArgumentException(field.key());
        };
    }

    @Test
    void theImageOfModeContainerComesBack() {
        JobSpec spec = reader.read(
                "{\"mode\": \"container\", \"container\": {\"image\": \"team/spark:3.5\"}}", Map.of(), null);

        assertThat(SpecLines.of(spec).get(SpecField.CONTAINER)).containsExactly("image=team/spark:3.5");
    }

    @Test
    void valuesOfTheEnvironmentAreNeverTold() {
        JobSpec spec = reader.read("{\"environment\": {\"TOKEN\": \"s3cret\"}}", Map.of(), null);

        assertThat(SpecLines.of(spec).toString()).contains("TOKEN").doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource({
        "2h, PT2H",
        "90m, PT1H30M",
        "1H30m, PT1H30M",
        "1d, P1D",
        "1d12h, PT36H",
        "45s, PT45S",
        "pt2h, PT2H",
        "' 2h ', PT2H",
        "P1DT1H, PT25H"
    })
    void durationsAreWrittenShortOrAsIsoHasThem(String written, Duration duration) {
        assertThat(reader.read("{\"timeout\": \"" + written + "\"}", Map.of(), null)
                        .limits()
                        .timeout())
                .isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"mode, CLIENT, client", "layout, Split, split", "failOn, WARNING, warning"})
    void lettersOfAChoiceMayBeCapitals(String field, String written, String word) {
        JobSpec spec = reader.read(null, Map.of(field, List.of(written)), null);

        assertThat(SpecLines.of(spec)).containsEntry(SpecField.find(field).orElseThrow(), List.of(word));
    }

    @Test
    void theRecordSaysWhatEachFieldIs() {
        assertThat(SpecField.all()).allSatisfy(field -> {
            assertThat(field.about().text()).as(field.key()).isNotBlank();
            assertThat(field.about().label()).as(field.key()).isNotBlank();
            assertThat(field.kind() == SpecField.Kind.CHOICE)
                    .as(field.key())
                    .isEqualTo(!field.choices().isEmpty());
            assertThat(field.kind() == SpecField.Kind.NUMBER)
                    .as(field.key())
                    .isEqualTo(field.least() != null && field.most() != null);
        });
    }
}
