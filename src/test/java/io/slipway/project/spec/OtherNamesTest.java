package io.slipway.project.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherNamesTest {

    @ParameterizedTest
    @CsvSource({
        "args, 'arguments'",
        "entryPointArguments, 'arguments'",
        "application_args, 'arguments'",
        "conf, 'sparkConf'",
        "properties, 'sparkConf'",
        "driverMemory, spark.driver.memory",
        "driver-memory, spark.driver.memory",
        "executor_memory, spark.executor.memory",
        "executorCores, spark.executor.cores",
        "numExecutors, spark.executor.instances",
        "num-executors, spark.executor.instances",
        "queue, spark.yarn.queue",
        "tags, 'labels'",
        "retries, 'maxAttempts'",
        "max_retries, 'maxAttempts'",
        "file, 'entryPoint'",
        "python_file, 'entryPoint'",
        "mainApplicationFile, 'entryPoint'",
        "env_vars, 'environment'",
        "executionRoleArn, 'executionRole'",
        "deploy-mode, 'mode'",
        "image, container",
        "requirements_txt, 'pythonEnvironment'",
        "pip, requirements",
        "proxyUser, token",
        "className, Python"
    })
    void aNameOfAnotherToolIsAnsweredWithItsPlaceHere(String name, String place) {
        assertThat(refusal("{\"" + name + "\": \"x\"}", Map.of())).contains(name, place);
        assertThat(refusal(null, Map.of(name, List.of("x")))).contains(name, place);
    }

    @Test
    void noFieldIsTakenForAnotherToolsName() {
        assertThat(SpecField.all())
                .allSatisfy(field ->
                        assertThat(SpecReader.unknownField(field.key())).isEmpty());
    }

    @Test
    void everyPlaceThatIsNamedIsAField() {
        assertThat(List.of(
                        "args",
                        "conf",
                        "file",
                        "env",
                        "tags",
                        "role",
                        "clusterId",
                        "appName",
                        "ttl",
                        "sysPath",
                        "deployMode"))
                .allSatisfy(name -> {
                    String place = OtherNames.nameHere(name).orElseThrow().replaceFirst(".*'(.*)'.*", "$1");
                    assertThat(SpecField.find(place)).as(place).isPresent();
                });
    }

    private static String refusal(String json, Map<String, List<String>> form) {
        return String.valueOf(Assertions.catchThrowable(() -> new SpecReader().read(json, form, null))
                .getMessage());
    }
}
