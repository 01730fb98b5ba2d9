package io.slipway.project.spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Names that Livy, spark-submit, EMR Serverless, Databricks and Airflow have for what a field here says, and their place here. */
final class ForeignNames {

    private static final Map<String, String> PLACES = new TreeMap<>();

    static {
        place("arguments", "args", "applicationArgs", "entryPointArguments", "parameters", "argv");
        place("entryPoint", "file", "application", "mainApplicationFile", "pythonFile", "mainPythonFileUri", "script");
        place("sparkConf", "conf", "properties", "sparkProperties", "sparkSubmitParameters");
        place("labels", "tags");
        place("maxAttempts", "retries", "maxRetries", "retryPolicy", "attempts");
        place("environment", "env", "envVars", "sparkEnvVars");
        place("timeout", "executionTimeoutMinutes", "timeoutSeconds", "maxRuntime");
        place("executionRole", "executionRoleArn", "roleArn", "runtimeRole");
        place("pyFiles", "pythonFileUris");
        place("jars", "jarFileUris", "jar");
        place("files", "fileUris");
        place("archives", "archiveUris");
        place("mode", "deployMode");
        place("container", "image", "dockerImage");
        setting("spark.driver.memory", "driverMemory");
        setting("spark.driver.cores", "driverCores");
        setting("spark.executor.memory", "executorMemory");
        setting("spark.executor.cores", "executorCores");
        setting("spark.executor.instances", "numExecutors");
        setting("spark.yarn.queue", "queue", "yarnQueue");
        setting("spark.driver.extraClassPath", "driverClassPath");
        setting("spark.driver.extraJavaOptions", "driverJavaOptions");
        setting("spark.jars.excludes", "excludePackages");
        told("is no field: a job runs as the user, or the executionRole, of its cluster", "proxyUser", "user");
        told(
                "is no field: send a packed environment as pythonEnvironment, or the modules with the project (pythonPath)",
                "requirements",
                "pypiRequirements",
                "libraries");
        told("is no field: a project is Python, and what it starts is its entryPoint", "className", "mainClass");
        told("is no field: send it as the header Idempotency-Key", "clientToken", "idempotencyToken");
    }

    private ForeignNames() {}

    /** What to say of such a name; it goes on from the name. */
    static Optional<String> message(String name) {
        return Optional.ofNullable(PLACES.get(plain(name)));
    }

    private static void place(String field, String... names) {
        if (SpecField.find(field).isEmpty()) {
            throw new IllegalStateException("a spec has no field " + field);
        }
        told("is not a field. Did you mean '" + field + "'?", names);
    }

    private static void setting(String setting, String... names) {
        told("is not a field but a setting of Spark: sparkConf {\"" + setting + "\": …}", names);
    }

    private static void told(String message, String... names) {
        Arrays.stream(names).forEach(name -> PLACES.put(plain(name), message));
    }

    /** {@code --num-executors}, {@code num_executors} and {@code numExecutors} are one name. */
    private static String plain(String name) {
        return name.replaceAll("[-_ ]", "").toLowerCase(Locale.ROOT);
    }
}
