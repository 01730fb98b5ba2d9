package io.slipway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What one user asks a running service for. */
public class ServiceClient {

    public static final JsonMapper JSON = new JsonMapper();

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);

    private final int port;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private String token = "";

    ServiceClient(int port) {
        this.port = port;
    }

    final void token(String bearer) {
        token = bearer;
    }

    public final int port() {
        return port;
    }

    public final String url() {
        return "http://127.0.0.1:" + port;
    }

    public final HttpResponse<String> get(String path, String... headers) throws IOException {
        return send(request(path, headers).GET());
    }

    public final HttpResponse<String> post(String path) throws IOException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    public final HttpResponse<String> post(String path, FormBody form, String... headers) throws IOException {
        return send(request(path, headers)
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.bytes())));
    }

    public final JsonNode json(String path) throws IOException {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    public final JsonNode job(String id) throws IOException {
        return json("/jobs/" + id);
    }

    /** Every job that the caller may see, newest first. */
    public final List<JsonNode> jobs() throws IOException {
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
                HttpRequest.newBuilder(URI.create(url() + path)).timeout(LONGEST_ANSWER);
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
}
