package io.slipway;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real jar as a process of its own, which can be killed and started again on the same home and port. */
final class ServiceProcess implements AutoCloseable {

    static final JsonMapper JSON = new JsonMapper();

    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    private final Path jar;
    private final Path home;
    private final int port;
    private final List<String> settings;
    private final HttpClient http = HttpClient.newHttpClient();
    private String token = "";
    private Process process;

    /** @param settings as on the command line, without the dashes */
    ServiceProcess(Path jar, Path home, String... settings) throws IOException {
        this.jar = jar;
        this.home = home;
        this.port = freePort();
        this.settings = List.of(settings);
    }

    static Path jar() {
        return Path.of(System.getProperty("slipway.jar", "target/slipway.jar")).toAbsolutePath();
    }

    /** The same classes without the jars in the jar: starts in two thirds of the time, which counts when it is done twenty times. */
    static Path extractedJar(Path folder) throws IOException, InterruptedException {
        Process extract = new ProcessBuilder(
                        java(),
                        "-Djarmode=tools",
                        "-jar",
                        jar().toString(),
                        "extract",
                        "--destination",
                        folder + "/app")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (extract.waitFor() != 0) {
            throw new IOException("the jar could not be extracted to " + folder);
        }
        return folder.resolve("app").resolve(jar().getFileName());
    }

    static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    ServiceProcess withToken(String bearer) {
        token = bearer;
        return this;
    }

    int port() {
        return port;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    ServiceProcess start() throws IOException {
        List<String> command = new ArrayList<>(
                List.of(java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-jar", jar.toString()));
        command.add("--server.port=" + port);
        command.add("--slipway.home=" + home);
        settings.forEach(setting -> command.add("--" + setting));
        Files.createDirectories(home);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        await().atMost(LONGEST_START).pollInterval(Duration.ofMillis(50)).until(() -> isHealthy());
        return this;
    }

    /** Processor time that it has used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    Path log() {
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

    /** SIGKILL, as power loss for the process: nothing of it runs any further. */
    void kill() {
        process.destroyForcibly();
    }

    void awaitEnd() throws InterruptedException {
        process.waitFor(1, TimeUnit.MINUTES);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException {
        return send(request(path, headers).GET());
    }

    HttpResponse<String> post(String path) throws IOException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** Sends a form of {@link FormBody}. */
    HttpResponse<String> post(String path, FormBody form, String... headers) throws IOException {
        return send(request(path, headers)
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.bytes())));
    }

    JsonNode json(String path) throws IOException {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    JsonNode job(String id) throws IOException {
        return json("/jobs/" + id);
    }

    /** Every job that the caller may see, newest first. */
    List<JsonNode> jobs() throws IOException {
        List<JsonNode> all = new ArrayList<>();
        String path = "/jobs?limit=500";
        while (path != null) {
            JsonNode page = json(path);
            page.get("items").forEach(all::add);
            JsonNode next = page.get("next");
            path = next == null || next.isNull() ? null : next.asString().substring(url().length());
        }
        return all;
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(60));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException(stop);
        }
    }

    /** Reads the rest of a stream as text. */
    static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }
}
