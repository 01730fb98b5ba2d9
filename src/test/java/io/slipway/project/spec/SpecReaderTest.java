package io.slipway.project.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.JobSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReaderTest {

    private final SpecReader reader = new SpecReader();

    @Test
    void readsEveryFieldFromJson() {
        JobSpec spec = json("""
                {"name": "nightly", "cluster": "analytics", "entryPoint": "jobs/main.py", "arguments": ["--day", "2024-01-01, 2"],
                 "sparkConf": {"spark.executor.memory": "4g"}, "environment": {"STAGE": "prod"}, "labels": {"team/a": "x y"},
                 "timeout": "PT2H", "queueTimeout": "P1D", "maxAttempts": 3}
                """);
        assertThat(spec.name()).isEqualTo("nightly");
        assertThat(spec.cluster()).isEqualTo("analytics");
        assertThat(spec.program().entryPoint()).isEqualTo("jobs/main.py");
        assertThat(spec.program().arguments()).containsExactly("--day", "2024-01-01, 2");
        assertThat(spec.sparkConf()).containsExactly(entry("spark.executor.memory", "4g"));
        assertThat(spec.environment()).containsExactly(entry("STAGE", "prod"));
        assertThat(spec.labels()).containsExactly(entry("team/a", "x y"));
        assertThat(spec.limits()).isEqualTo(new JobSpec.Limits(Duration.ofHours(2), Duration.ofDays(1), 3, 0));
    }

    @Test
    void readsEveryFieldFromAForm() {
        JobSpec spec = form(Map.of(
                "name", List.of("nightly"),
                "arguments", List.of("a,b", "", "c=d"),
                "sparkConf", List.of("spark.x=a=b", "spark.y="),
                "environment", List.of("A=1"),
                "timeout", List.of("pt90m"),
                "maxAttempts", List.of("2")));
        assertThat(spec.program().arguments()).containsExactly("a,b", "", "c=d");
        assertThat(spec.sparkConf()).containsExactly(entry("spark.x", "a=b"), entry("spark.y", ""));
        assertThat(spec.limits()).isEqualTo(new JobSpec.Limits(Duration.ofMinutes(90), null, 2, 0));
    }

    @Test
    void saysNothingWhenNothingWasSaid() {
        JobSpec nothing = reader.read(null, Map.of(), null);
        assertThat(nothing.limits()).isEqualTo(JobSpec.Limits.NONE);
        assertThat(nothing.name()).isNull();
        assertThat(json("")).isEqualTo(nothing);
        assertThat(json("{}")).isEqualTo(nothing);
        assertThat(json("{\"timeout\": null, \"labels\": null, \"name\": \"\"}"))
                .isEqualTo(nothing);
        assertThat(yaml("")).isEqualTo(nothing);
        assertThat(yaml("# only a comment\n")).isEqualTo(nothing);
        assertThat(yaml("environment:\n")).isEqualTo(nothing);
    }

    @Test
    void laysTheRequestOverTheFile() {
        JobSpec spec = reader.read(
                "{\"sparkConf\": {\"b\": \"request\"}, \"arguments\": [\"r\"], \"labels\": {}}",
                Map.of("name", List.of("form"), "environment", List.of("E=form")),
                bytes("""
                        name: file
                        timeout: PT1H
                        arguments: [f, g]
                        sparkConf: {a: file, b: file}
                        environment: {D: file, E: file}
                        labels: {l: file}
                        """));
        assertThat(spec.name()).isEqualTo("form");
        assertThat(spec.limits().timeout()).isEqualTo(Duration.ofHours(1));
        assertThat(spec.program().arguments()).containsExactly("r");
        assertThat(spec.sparkConf()).containsExactly(entry("a", "file"), entry("b", "request"));
        assertThat(spec.environment()).containsExactly(entry("D", "file"), entry("E", "form"));
        assertThat(spec.labels()).containsExactly(entry("l", "file"));
    }

    @Test
    void anEmptyListInTheRequestReplacesTheOneOfTheFile() {
        JobSpec spec = reader.read("{\"arguments\": []}", Map.of(), bytes("arguments: [a]"));
        assertThat(spec.program().arguments()).isEmpty();
    }

    @Test
    void keepsScalarsAsTheyWereWritten() {
        assertThat(json("{\"arguments\": [1.10, 1e3, true, -0, \"x\"]}")
                        .program()
                        .arguments())
                .containsExactly("1.10", "1e3", "true", "-0", "x");
        JobSpec spec = yaml("""
                arguments: [1.10, 007, 2020-01-01, yes, 'x: y', 1_000, 0x1F, "a\\tb"]
                environment: {ON: true, PORT: 08, PI: 3.140}
                """);
        assertThat(spec.program().arguments())
                .containsExactly("1.10", "007", "2020-01-01", "yes", "x: y", "1_000", "0x1F", "a\tb");
        assertThat(spec.environment()).containsExactly(entry("ON", "true"), entry("PORT", "08"), entry("PI", "3.140"));
    }

    @Test
    void collectsAllMistakesAndSaysWhereTheyAre() {
        InvalidProject refusal = refusal(
                "{\"entrypoint\": \"a.py\", \"timeout\": \"2x\", \"arguments\": [\"a\", [\"b\"]], \"sparkConf\": {\"spark x\": 1}}",
                Map.of("maxAttempts", List.of("0"), "enviroment", List.of("A=1")),
                bytes("args: [a]\narguments: [a, b, {c: d}]\nlabels: {'a b': c}\n"));
        assertThat(refusal.problem()).isEqualTo(Problem.INVALID_SPEC);
        assertThat(refusal.details())
                .extracting(Detail::at)
                .containsExactlyInAnyOrder(
                        "entrypoint",
                        "timeout",
                        "arguments[1]",
                        "sparkConf.spark x",
                        "maxAttempts",
                        "enviroment",
                        "slipway.yml: args",
                        "slipway.yml: arguments[2]",
                        "slipway.yml: labels.a b");
        assertThat(message(refusal, "entrypoint")).contains("'entryPoint'");
        assertThat(message(refusal, "enviroment")).contains("'environment'");
        assertThat(message(refusal, "timeout")).contains("PT2H");
    }

    @Test
    void knowsWhatMistypedFieldsWereMeantToBe() {
        Map.of(
                        "entry_point", "entryPoint",
                        "Name", "name",
                        "conf", "sparkConf",
                        "env", "environment",
                        "argument", "arguments",
                        "max_attempts", "maxAttempts",
                        "queuetimeout", "queueTimeout",
                        "label", "labels")
                .forEach((written, meant) -> assertThat(refusal("{\"%s\": null}".formatted(written), Map.of(), null))
                        .hasMessageContaining("'" + meant + "'"));
        assertThat(refusal("{\"xyzzy\": 1}", Map.of(), null)).hasMessageContaining("name, cluster, entryPoint");
        assertThat(refusal(null, Map.of("config_path", List.of("x")), null)).hasMessageContaining("'configPath'");
    }

    @ParameterizedTest
    @CsvSource({
        "args, 'arguments'",
        "conf, 'sparkConf'",
        "driverMemory, spark.driver.memory",
        "executorMemory, spark.executor.memory",
        "executor-cores, spark.executor.cores",
        "num_executors, spark.executor.instances",
        "queue, spark.yarn.queue",
        "proxyUser, executionRole",
        "tags, 'labels'",
        "retries, 'maxAttempts'",
        "file, 'entryPoint'",
        "requirements_txt, pythonEnvironment",
        "py_files, 'pyFiles'",
        "executionRoleArn, 'executionRole'"
    })
    void namesOfOtherToolsAreAnsweredWithTheirPlaceHere(String written, String place) {
        assertThat(refusal("{\"%s\": \"x\"}".formatted(written), Map.of(), null))
                .hasMessageContaining(place);
        assertThat(refusal(null, Map.of(written, List.of("x")), null)).hasMessageContaining(place);
    }

    @ParameterizedTest
    @ValueSource(strings = {"failOn", "maxAttempts", "timeout", "layout"})
    void blanksAreNoWordNumberOrTime(String field) {
        assertThat(refusal(null, Map.of(field, List.of(" ")), null)).hasMessageContaining(field + " ' '");
        assertThat(refusal("{\"" + field + "\": \" \"}", Map.of(), null)).hasMessageContaining(field);
        assertThat(refusal(null, Map.of(field, List.of("1".repeat(5000))), null))
                .hasMessageContaining(field);
    }

    @Test
    void anUnknownFieldOfPythonIsToldWithThoseThatThereAre() {
        assertThat(refusal("{\"python\": {\"file\": \"r.txt\"}}", Map.of(), null))
                .hasMessageContaining("python.file is not a field of python; there are requirements, version");
    }

    @Test
    void refusesAFieldThatIsGivenTwice() {
        assertThat(refusal("{\"name\": \"a\"}", Map.of("name", List.of("b")), null)
                        .details())
                .containsExactly(new Detail("name", "is given in spec and as a form field; give it once"));
        assertThat(refusal(null, Map.of("name", List.of("a", "b")), null)).hasMessageContaining("2 times");
        assertThat(refusal(null, Map.of("labels", List.of("a=1", "a=2")), null).details())
                .containsExactly(new Detail("labels.a", "is given twice"));
        assertThat(refusal("{\"name\": \"a\", \"name\": \"b\"}", Map.of(), null))
                .hasMessageContaining("twice");
        assertThat(refusal("{\"labels\": {\"a\": 1, \"a\": 2}}", Map.of(), null))
                .hasMessageContaining("'a' twice");
        assertThat(refusal(null, Map.of(), bytes("name: a\nname: b\n"))).hasMessageContaining("slipway.yml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2x", "PT0S", "-PT1H", "P31D", "1 hour", "PT", "P1Y", "PT99999999999999999999H"})
    void refusesDurationsThatAreNone(String duration) {
        assertThat(refusal("{\"timeout\": \"" + duration + "\"}", Map.of(), null))
                .hasMessageContaining("PT2H")
                .hasMessageContaining("30 days");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"maxAttempts\": 0}",
                "{\"maxAttempts\": 11}",
                "{\"maxAttempts\": 1.5}",
                "{\"maxAttempts\": [1]}",
                "{\"name\": \"a\\nb\"}",
                "{\"name\": \" \"}",
                "{\"name\": {\"a\": 1}}",
                "{\"arguments\": \"a b\"}",
                "{\"arguments\": [null]}",
                "{\"arguments\": [\"a\\u0000b\"]}",
                "{\"arguments\": [\"a\\ud800b\"]}",
                "{\"sparkConf\": [\"a=b\"]}",
                "{\"sparkConf\": {\"a=b\": 1}}",
                "{\"sparkConf\": {\"\": 1}}",
                "{\"sparkConf\": {\"a\": null}}",
                "{\"sparkConf\": {\"a\": {\"b\": 1}}}",
                "{\"environment\": {\"1A\": 1}}",
                "{\"environment\": {\"A-B\": 1}}",
                "{\"labels\": {\"a b\": 1}}",
                "[1]",
                "\"text\"",
                "{\"name\": \"a\"} {}",
                "{\"name\": ",
                "{name: a}",
                "nonsense"
            })
    void refusesValuesThatCannotBe(String json) {
        assertThat(refusal(json, Map.of(), null).problem()).isEqualTo(Problem.INVALID_SPEC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &x [1]\nb: *x",
                "labels: &x {a: b}",
                "name: &x foo\ncluster: *x",
                "labels: {<<: *x}",
                "name: a\n---\nname: b",
                "- a",
                "name: [",
                "name: 'a",
                "\tname: a",
                "name: a\n  b: c\n d: e",
                "name: \u0000"
            })
    void refusesYamlThatIsNotPlain(String yaml) {
        assertThat(refusal(null, Map.of(), bytes(yaml)))
                .hasMessageStartingWith("slipway.yml")
                .extracting(InvalidProject::problem)
                .isEqualTo(Problem.INVALID_SPEC);
    }

    @Test
    void saysWhereTheTextBreaks() {
        assertThat(refusal(null, Map.of(), bytes("name: a\nlabels: [")))
                .hasMessageContaining("slipway.yml")
                .hasMessageContaining("line");
        assertThat(refusal("{\"name\":\n  oops}", Map.of(), null)).hasMessageContaining("line 2");
    }

    @Test
    void boundsWhatItReads() {
        assertThat(refusal(null, Map.of(), bytes("# " + "x".repeat(70_000)))).hasMessageContaining("larger");
        assertThat(refusal("[".repeat(60_000), Map.of(), null).problem()).isEqualTo(Problem.INVALID_SPEC);
        assertThat(refusal(null, Map.of(), bytes("a: " + "[".repeat(60_000))).problem())
                .isEqualTo(Problem.INVALID_SPEC);
        assertThat(refusal("{\"a\":".repeat(400), Map.of(), null).problem()).isEqualTo(Problem.INVALID_SPEC);
        assertThat(refusal(null, Map.of("arguments", Collections.nCopies(1001, "a")), null))
                .hasMessageContaining("1,000");
        assertThat(refusal(null, Map.of("arguments", List.of("a".repeat(110_000))), null))
                .hasMessageContaining("file of the project");
        assertThat(refusal("{\"name\": \"" + "n".repeat(201) + "\"}", Map.of(), null))
                .hasMessageContaining("200");
    }

    @Test
    void neverQuotesValuesOfTheEnvironment() {
        InvalidProject form = refusal(null, Map.of("environment", List.of("s3cret")), null);
        InvalidProject json =
                refusal("{\"environment\": {\"A B\": \"s3cret\", \"C\": \"s3cret\\u0000\"}}", Map.of(), null);
        assertThat(form.getMessage() + form.details() + json.getMessage() + json.details())
                .doesNotContain("s3cret");
    }

    @Test
    void aVariableWithoutAValueKeepsTheOneOfTheEarlierJob() {
        SpecReader again = new SpecReader(KeptValues.of("01J", Map.of("TOKEN", "kept", "STAGE", "prod")));
        JobSpec spec = again.read(
                "{\"environment\": {\"TOKEN\": null, \"EMPTY\": \"\"}}",
                Map.of(),
                bytes("environment: {TOKEN: file, B: file}"));
        assertThat(spec.environment()).containsOnly(entry("TOKEN", "kept"), entry("EMPTY", ""), entry("B", "file"));
    }

    @Test
    void nothingElseIsKept() {
        SpecReader again = new SpecReader(KeptValues.of("01J", Map.of("TOKEN", "kept")));
        assertThat(catchThrowableOfType(
                                InvalidProject.class,
                                () -> again.read(
                                        "{\"environment\": {\"OTHER\": null}, \"sparkConf\": {\"TOKEN\": null}, \"labels\": {\"TOKEN\": null}}",
                                        Map.of(),
                                        bytes("environment: {TOKEN: }")))
                        .details())
                .extracting(Detail::at)
                .containsExactlyInAnyOrder(
                        "environment.OTHER", "sparkConf.TOKEN", "labels.TOKEN", "slipway.yml: environment.TOKEN");
        assertThat(refusal("{\"environment\": {\"TOKEN\": null}}", Map.of(), null))
                .hasMessageContaining("environment.TOKEN has no value")
                .hasMessageContaining("job:<id>");
    }

    @Test
    void listsAHundredMistakesAndCountsTheOthers() {
        String unknown = IntStream.range(0, 40_000)
                .mapToObj(i -> "\"k%05d\":1".formatted(i))
                .collect(Collectors.joining(",", "{", "}"));
        InvalidProject refusal = refusal(unknown, Map.of(), null);
        assertThat(refusal.details()).hasSize(101);
        assertThat(refusal.details().get(100).message()).contains("39,900 more");
        assertThat(refusal).hasMessageContaining("39999 more");
    }

    @Test
    void refusesValuesThatAPatternCouldNotEndWith() {
        String role = "arn:aws:iam::123456789012:role/" + "a/".repeat(100_000);
        assertThat(refusal("{\"executionRole\": \"" + role + "\"}", Map.of(), null)
                        .details())
                .extracting(Detail::at)
                .containsExactly("executionRole");
        List<String> places = Collections.nCopies(101, "a");
        assertThat(refusal(null, Map.of("pythonPath", places), null).details())
                .extracting(Detail::at)
                .containsExactly("pythonPath");
    }

    private JobSpec json(String json) {
        return reader.read(json, Map.of(), null);
    }

    private JobSpec form(Map<String, List<String>> form) {
        return reader.read(null, form, null);
    }

    private JobSpec yaml(String yaml) {
        return reader.read(null, Map.of(), bytes(yaml));
    }

    private InvalidProject refusal(String json, Map<String, List<String>> form, byte[] yaml) {
        InvalidProject refusal = catchThrowableOfType(InvalidProject.class, () -> reader.read(json, form, yaml));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    private static String message(InvalidProject refusal, String at) {
        return refusal.details().stream()
                .filter(detail -> detail.at().equals(at))
                .findFirst()
                .orElseThrow()
                .message();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theProjectsFolderIsAWishOfTheRequestAlone() {
        assertThat(SpecReader.projectFolder("{\"projectFolder\": \"jobs/daily\"}", Map.of()))
                .isEqualTo("jobs/daily");
        assertThat(SpecReader.projectFolder(null, Map.of("projectFolder", List.of("jobs/daily"), "x", List.of("y"))))
                .isEqualTo("jobs/daily");
        assertThat(SpecReader.projectFolder(null, Map.of())).isEmpty();
        assertThat(catchThrowableOfType(
                        InvalidProject.class,
                        () -> new SpecReader()
                                .read(null, Map.of(), "projectFolder: jobs".getBytes(StandardCharsets.UTF_8))))
                .hasMessageContaining("projectFolder");
    }
}
