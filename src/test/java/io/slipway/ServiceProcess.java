package io.slipway;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real jar as a process of its own, which can be killed, paused, and started again on the same home and port. */
public final class ServiceProcess extends ServiceClient implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofMinutes(3);
    private static final String MAIN_CLASS = "io.slipway.SlipwayApplication";

    private final Path jar;
    private final Path home;
    private final List<String> settings;
    private final Map<String, String> environment = new HashMap<>();
    private String moreClasses = "";
    private String java = ServiceJar.java();
    private volatile Process process;

    /** @param settings as on the command line, without the dashes */
    public ServiceProcess(Path jar, Path home, String... settings) throws IOException {
        super(ServiceJar.freePort());
        this.jar = jar;
        this.home = home;
        this.settings = List.of(settings);
    }

    ServiceProcess withToken(String bearer) {
        token(bearer);
        return this;
    }

    public ServiceProcess withEnvironment(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    /** Another Java than that of the tests. */
    ServiceProcess withJava(Path program) {
        java = program.toString();
        return this;
    }

    /** Classes of a test beside those of the jar, which has to be an extracted one. */
    public ServiceProcess withClasses(Path folder) {
        moreClasses = File.pathSeparator + folder;
        return this;
    }

    public ServiceProcess start() throws IOException {
        launch();
        awaitHealthy();
        return this;
    }

    /** Does not wait. */
    public void launch() throws IOException {
        List<String> command = new ArrayList<>(
                List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-XX:MetaspaceSize=160m"));
        if (Files.exists(ServiceJar.archive(jar))) {
            command.add("-XX:SharedArchiveFile=" + ServiceJar.archive(jar));
        }
        command.addAll(
                moreClasses.isEmpty()
                        ? List.of("-jar", jar.toString())
                        : List.of("-cp", jar + moreClasses, MAIN_CLASS));
        command.add("--server.port=" + port());
        command.add("--slipway.home=" + home);
        settings.forEach(setting -> command.add("--" + setting));
        Files.createDirectories(home);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    public void awaitHealthy() {
        await().atMost(LONGEST_START).pollInterval(Duration.ofMillis(50)).until(this::isHealthy);
    }

    /** Processor time that it has used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Where it prints, start after start. */
    public Path log() {
        return home.resolve("service.log");
    }

    private boolean isHealthy() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("the service ended: " + Files.readString(log()));
        }
        try {
            return get("/actuator/health").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL, as power loss for the process: nothing of it runs any further. */
    public void kill() {
        process.destroyForcibly();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    public void awaitEnd() throws InterruptedException {
        process.waitFor(1, TimeUnit.MINUTES);
    }

    /** SIGSTOP: it keeps all it has, its connections too, and does nothing. */
    public void pause() {
        signal("-STOP");
    }

    public void goOn() {
        signal("-CONT");
    }

    private void signal(String which) {
        try {
            new ProcessBuilder("kill", which, String.valueOf(process.pid()))
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }
}
