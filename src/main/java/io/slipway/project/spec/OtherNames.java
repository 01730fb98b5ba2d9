package io.slipway.project.spec;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What fields of other tools are called here: Livy, spark-submit, EMR Serverless, Airflow's SparkSubmitOperator, Databricks, Dataproc and
 * Spark's operator for Kubernetes. Names are compared without case, dashes and underscores.
 */
final class OtherNames {

    private static final Map<String, String> SENTENCES = new HashMap<>();

    static {
        field("arguments", "args", "applicationArgs", "entryPointArguments", "parameters", "argv", "programArguments");
        field(
                "sparkConf",
                "conf",
                "properties",
                "sparkProperties",
                "sparkConfig",
                "configuration",
                "sparkConfiguration");
        field(
                "entryPoint",
                "file",
                "main",
                "script",
                "application",
                "mainApplicationFile",
                "mainPythonFile",
                "mainPythonFileUri",
                "pythonFile",
                "primaryResource",
                "scriptLocation",
                "module");
        field("environment", "env", "envs", "envVars", "environmentVariables", "sparkEnvVars", "variables");
        field("labels", "tags", "tag", "annotations");
        field("mode", "deployMode");
        field("executionRole", "executionRoleArn", "role", "roleArn", "runtimeRole", "serviceAccount");
        field("cluster", "clusterId", "clusterName", "jobFlowId", "virtualCluster", "applicationId", "master");
        field("name", "appName", "jobName", "runName", "title");
        field("pythonPath", "importPath", "modulePath", "sysPath");
        field("timeout", "executionTimeout", "timeoutSeconds", "executionTimeoutMinutes", "maxRuntime", "ttl");
        rename(
                "maxAttempts, which counts the first attempt, too",
                "retries",
                "maxRetries",
                "retry",
                "retryPolicy",
                "attempts");
        rename("container: {\"image\": …}, with mode container", "image", "dockerImage", "containerImage");
        rename(
                "python: {\"requirements\": …}, a file of the project, or 'pythonEnvironment', a packed environment"
                        + " (venv-pack, conda-pack)",
                "requirements",
                "requirementsTxt",
                "requirementsFile",
                "pip",
                "dependencies",
                "libraries",
                "venv",
                "virtualenv",
                "conda");
        field("jars", "jar", "jarFileUris");
        spark("spark.jars.excludes", "excludePackages");
        field("files", "fileUris");
        field("pyFiles", "pythonFileUris");
        field("archives", "archiveUris");
        spark("spark.driver.memory", "driverMemory");
        spark("spark.driver.cores", "driverCores");
        spark("spark.executor.memory", "executorMemory");
        spark("spark.executor.cores", "executorCores", "totalExecutorCores");
        spark("spark.executor.instances", "numExecutors", "executorInstances");
        spark("spark.yarn.queue", "queue", "yarnQueue");
        spark("spark.driver.extraJavaOptions", "driverJavaOptions");
        spark("spark.driver.extraClassPath", "driverClassPath");
        spark("spark.kerberos.principal", "principal");
        spark("spark.kerberos.keytab", "keytab");
        nowhere(
                "the token says who the owner is, and executionRole what the job may do",
                "proxyUser",
                "user",
                "owner",
                "runAs");
        nowhere(
                "a project's entry point is Python; jars with classes for it are named in sparkConf",
                "className",
                "class",
                "mainClass",
                "javaClass");
        nowhere("send it as the header Idempotency-Key", "clientToken", "idempotencyToken");
        rename(
                "fields of their own, such as sparkConf and arguments",
                "sparkSubmitParameters",
                "jobDriver",
                "hadoopJarStep");
    }

    private OtherNames() {}

    private static void field(String field, String... names) {
        rename("'" + field + "'", names);
    }

    private static void spark(String key, String... names) {
        rename("sparkConf: {\"" + key + "\": …}", names);
    }

    private static void rename(String nameHere, String... names) {
        say("Here it is " + nameHere, names);
    }

    private static void nowhere(String why, String... names) {
        say("There is none for it: " + why, names);
    }

    private static void say(String sentence, String... names) {
        List.of(names).forEach(name -> SENTENCES.put(plain(name), sentence));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** Where a field of another tool belongs, as the end of a sentence about it; empty for a name of none. */
    static Optional<String> nameHere(String name) {
        return Optional.ofNullable(SENTENCES.get(plain(name))).map(sentence -> "is not a field. " + sentence);
    }
}
