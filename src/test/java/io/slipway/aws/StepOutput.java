package io.slipway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** What spark-submit and the program behind it print, as EMR ships it. */
public final class StepOutput {

    private StepOutput() {}

    /** The step's stderr in cluster mode, Spark 3.5 on EMR 7. */
    public static String submitting(String application) {
        return """
                26/01/05 12:00:03 INFO RMProxy: Connecting to ResourceManager at ip-10-0-0-1.eu-central-1.compute.internal/10.0.0.1:8032
                26/01/05 12:00:04 INFO Client: Requesting a new application from cluster with 2 NodeManagers
                26/01/05 12:00:04 INFO Client: Will allocate AM container, with 2432 MB memory including 384 MB overhead
                26/01/05 12:00:04 INFO Client: Setting up container launch context for our AM
                26/01/05 12:00:07 INFO Client: Uploading resource s3://artifacts/slipway/projects/project_ab.zip#slipway-project -> \
                hdfs://ip-10-0-0-1.eu-central-1.compute.internal:8020/user/hadoop/.sparkStaging/APPLICATION/project_ab.zip
                26/01/05 12:00:09 INFO Client: Submitting application APPLICATION to ResourceManager
                26/01/05 12:00:09 INFO YarnClientImpl: Submitted application APPLICATION
                26/01/05 12:00:10 INFO Client: Application report for APPLICATION (state: ACCEPTED)
                26/01/05 12:00:10 INFO Client:
                \t client token: N/A
                \t diagnostics: AM container is launched, waiting for AM container to Register with RM
                \t ApplicationMaster host: N/A
                \t queue: default
                \t tracking URL: http://ip-10-0-0-1.eu-central-1.compute.internal:20888/proxy/APPLICATION/
                \t user: hadoop
                26/01/05 12:00:15 INFO Client: Application report for APPLICATION (state: RUNNING)
                """.replace("APPLICATION", application);
    }

    /** What follows when the program fails. */
    public static String failing(String application) {
        return submitting(application) + """
                26/01/05 12:00:31 INFO Client: Application report for APPLICATION (state: FINISHED)
                26/01/05 12:00:31 INFO Client:
                \t client token: N/A
                \t diagnostics: User application exited with status 1
                \t final status: FAILED
                Exception in thread "main" org.apache.spark.SparkException: Application APPLICATION finished with failed status
                \tat org.apache.spark.deploy.yarn.Client.run(Client.scala:1309)
                \tat org.apache.spark.deploy.SparkSubmit.main(SparkSubmit.scala)
                Command exiting with ret '1'
                """.replace("APPLICATION", application);
    }

    /** The beginning of the stderr of an application's master, Spark 3.5. */
    public static String applicationMaster() {
        return """
                SLF4J: Class path contains multiple SLF4J bindings.
                SLF4J: Actual binding is of type [org.apache.logging.slf4j.Log4jLoggerFactory]
                26/01/05 12:00:11 INFO SignalUtils: Registering signal handler for TERM
                26/01/05 12:00:12 INFO SecurityManager: Changing view acls to: hadoop
                26/01/05 12:00:12 INFO ApplicationMaster: ApplicationAttemptId: appattempt_1767614400000_10042_000001
                26/01/05 12:00:12 INFO ApplicationMaster: Starting the user application in a separate Thread
                26/01/05 12:00:18 INFO ApplicationMaster:\s
                ===============================================================================
                Default YARN executor launch context:
                  command:
                      org.apache.spark.executor.YarnCoarseGrainedExecutorBackend \\\s
                """;
    }

    /** The beginning of an executor's stderr. */
    public static String executor(int number) {
        return """
                SLF4J: Class path contains multiple SLF4J bindings.
                26/01/05 12:00:20 INFO CoarseGrainedExecutorBackend: Started daemon with process name: 4711@ip-10-0-0-2
                26/01/05 12:00:24 INFO Executor: container NUMBER
                """.replace("NUMBER", Integer.toString(number));
    }

    /** The end of the driver's log when the program ended itself. */
    public static String exited(int status) {
        return """
                26/01/05 12:00:30 INFO ApplicationMaster: Waiting for spark context initialization...
                26/01/05 12:00:31 ERROR ApplicationMaster: User application exited with status STATUS
                26/01/05 12:00:31 INFO ApplicationMaster: Final app status: FAILED, exitCode: STATUS, (reason: User application exited with status STATUS)
                26/01/05 12:00:31 INFO ApplicationMaster: Unregistering ApplicationMaster with FAILED (diag message: User application exited with status STATUS)
                26/01/05 12:00:32 INFO ShutdownHookManager: Shutdown hook called
                """.replace("STATUS", Integer.toString(status));
    }

    /** The end of the driver's log when the program ended well without ever making a context. */
    public static final String WITHOUT_CONTEXT = """
            26/01/05 12:00:28 INFO ApplicationMaster: Starting the user application in a separate Thread
            26/01/05 12:00:28 INFO ApplicationMaster: Waiting for spark context initialization...
            26/01/05 12:00:32 INFO ApplicationMaster: Final app status: FAILED, exitCode: 13
            26/01/05 12:00:32 ERROR ApplicationMaster: Uncaught exception:
            java.lang.IllegalStateException: User did not initialize spark context!
            \tat org.apache.spark.deploy.yarn.ApplicationMaster.runDriver(ApplicationMaster.scala:522)
            \tat org.apache.spark.deploy.yarn.ApplicationMaster.run(ApplicationMaster.scala:265)
            26/01/05 12:00:32 INFO ShutdownHookManager: Shutdown hook called
            """;

    /** The driver container's stdout: Spark joins Python's stderr into it. */
    public static String traceback(String path) {
        return """
                reading prices
                Traceback (most recent call last):
                  File "/mnt/yarn/usercache/hadoop/appcache/work/launcher.py", line 118, in <module>
                    main()
                  File "/mnt/yarn/usercache/hadoop/appcache/work/slipway-project/project.py", line 7, in load
                    return open(path)
                FileNotFoundError: [Errno 2] No such file or directory: 'PATH'
                """.replace("PATH", path);
    }

    public static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
