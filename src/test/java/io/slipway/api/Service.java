package io.slipway.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the running service that speaks as curl does. */
public final class Service {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED", "CANCELLED");

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final String token;

    public Service(int port, String token) {
        this.base = URI.create("http://127.0.0.1:" + port);
        this.token = token;
    }

    /** An answer, its body as text and, where it is JSON, as a tree. */
    public record Answer(HttpResponse<byte[]> response) {
        public int status() {
            return response.statusCode();
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        /** The end of the problem's type. */
        public String problem() {
            return json().path("type").asString().replace("urn:slipway:problem:", "");
        }
    }

    public Answer get(String path, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(base.resolve(path)).GET(), headers);
    }

    public Answer post(String path, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(base.resolve(path)).POST(HttpRequest.BodyPublishers.noBody()), headers);
    }

    public Answer post(Form form, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/jobs"))
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.body()));
        return send(request, headers);
    }

    public Answer send(HttpRequest.Builder request, String... headers) throws IOException, InterruptedException {
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        request.timeout(Duration.ofSeconds(90));
        return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path));
    }

    /** Waits, as clients should, with {@code Prefer: wait}. */
    public JsonNode end(String id) throws IOException, InterruptedException {
        String tag = "\"\"";
        for (int waits = 0; waits < 20; waits++) {
            Answer answer = get("/jobs/" + id, "Prefer", "wait=20", "If-None-Match", tag);
            if (answer.status() == 200) {
                if (ENDED.contains(answer.json().path("state").asString())) {
                    return answer.json();
                }
                tag = answer.header("ETag");
            }
        }
        throw new AssertionError(
                "job " + id + " did not end: " + get("/jobs/" + id).text());
    }

    public String stdout(String id) throws IOException, InterruptedException {
        return get("/jobs/" + id + "/logs/stdout").text();
    }

    /** A multipart form, written by hand so that it can be wrong. */
    public static final class Form {
        private static final String BOUNDARY = "----slipway-test-boundary";
        private final java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();

        public static Form project(String fileName, byte[] content) {
            return new Form().file("project", fileName, content);
        }

        public static Form script(String source) {
            return project("main.py", source.getBytes(StandardCharsets.UTF_8));
        }

        public Form file(String name, String fileName, byte[] content) {
            return part(
                    "form-data; name=\"" + name + "\"; filename=\"" + fileName + "\"",
                    "application/octet-stream",
                    content);
        }

        public Form field(String name, String value) {
            return part("form-data; name=\"" + name + "\"", null, value.getBytes(StandardCharsets.UTF_8));
        }

        public Form json(String name, String value) {
            return part("form-data; name=\"" + name + "\"", "application/json", value.getBytes(StandardCharsets.UTF_8));
        }

        public Form fields(Map<String, String> all) {
            all.forEach(this::field);
            return this;
        }

        private Form part(String disposition, String type, byte[] content) {
            out.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: " + disposition + "\r\n"
                            + (type == null ? "" : "Content-Type: " + type + "\r\n") + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.writeBytes(content);
            out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
            return this;
        }

        public String contentType() {
            return "multipart/form-data; boundary=" + BOUNDARY;
        }

        public byte[] body() {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            all.writeBytes(out.toByteArray());
            all.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
            return all.toByteArray();
        }
    }
}
