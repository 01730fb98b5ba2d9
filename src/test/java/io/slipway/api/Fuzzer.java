package io.slipway.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Makes requests of an OpenAPI document: most are nearly right, some are nonsense. The same seed makes the same requests. */
final class Fuzzer {

    private static final List<String> ODD = List.of(
            "",
            " ",
            "0",
            "-1",
            "1e9",
            "NaN",
            "null",
            "true",
            "2147483648",
            "9223372036854775808",
            "99999999999999999999999999",
            "\u0000",
            "\u0085\u009f",
            "\r\nX-Injected: 1",
            "a,b,,",
            "=",
            "a=",
            "[]",
            "{}",
            "${jndi:x}",
            "#{1/0}",
            "%",
            "%%s%n",
            "../../etc/passwd",
            "..\\..",
            "\ud83d\ude80",
            "\u202e\u0301\ufeff",
            "'; drop table job; --",
            "<script>",
            "2026-13-99T99:99:99Z",
            "+999999999-01-01T00:00:00Z",
            "PT999999999999H",
            "x".repeat(300),
            "x".repeat(5000),
            ",".repeat(2500));

    /** What stands in an address as it is. */
    private static final List<String> RAW = List.of(
            "%",
            "%zz", "%ff", "%c3%28", "%00", "%0a", "[", "]", "|", "\\", "^", ";", ";a=b", "//", "/..", "\"", "<", "+",
            "&&", "?", "#");

    private static final List<String> TYPES = List.of(
            "application/json",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/mixed; boundary=b",
            "multipart/form-data; boundary=" + "b".repeat(200),
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=nonsense",
            "text/plain; charset=\"",
            "/",
            ";;;",
            "application/zip");

    private static final List<String> HEADERS = List.of(
            "Accept",
            "Accept-Language",
            "If-None-Match",
            "Prefer",
            "Last-Event-ID",
            "Idempotency-Key",
            "Cookie",
            "Range",
            "Origin",
            "Sec-Fetch-Site",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "Forwarded",
            "X-XSRF-TOKEN",
            "Content-Encoding",
            "Expect",
            "HX-Request",
            "Referer",
            "If-Modified-Since",
            "X-HTTP-Method-Override",
            "Authorization");

    private static final List<String> HEADER_VALUES = List.of(
            "garbage",
            ";;;/",
            "*/*",
            "text/html",
            "text/event-stream",
            "application/json;q=x",
            "wait=1",
            "wait=99999999",
            "*",
            "W/",
            "\"0\"",
            "\u0085\u009f",
            "\u00ff",
            "slipway-session=%",
            "=;;=",
            "bytes=0-,-1",
            "cross-site",
            "null",
            "http://[",
            "x".repeat(7000),
            "Bearer",
            "Bearer \u0085",
            "Basic ====",
            "100-continue",
            "gzip",
            "Thu, 01 Jan 1970",
            "-1",
            "PUT",
            "");

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE");

    private static final List<String> OTHER_PATHS = List.of(
            "/",
            "/error",
            "/ui/jobs",
            "/ui/jobs/new",
            "/ui/login",
            "/ui/overview",
            "/ui/clusters",
            "/ui/nowhere",
            "/actuator",
            "/actuator/health",
            "/actuator/metrics/x",
            "/actuator/env",
            "/v3/api-docs",
            "/swagger-ui/x",
            "/assets/x",
            "/webjars/x/y",
            "/favicon.ico",
            "/jobs/",
            "/jobs//logs");

    private final Random random;
    private final JsonNode api;
    private final String token;
    private final String job;
    private final String project;
    private final List<Operation> operations = new ArrayList<>();

    /** One operation of the document. */
    record Operation(String path, String method, JsonNode description, Set<Integer> statuses) {}

    /** @param operation whose answer is expected; {@code null} for an address that the document does not name */
    record Call(byte[] bytes, Operation operation, String method) {
        String text() {
            return new String(bytes, 0, Math.min(bytes.length, 3000), StandardCharsets.ISO_8859_1);
        }
    }

    /** @param project id of a stored project of the token's owner, without its prefix */
    Fuzzer(long seed, JsonNode api, String token, String job, String project) {
        this.project = project;
        this.random = new Random(seed);
        this.api = api;
        this.token = token;
        this.job = job;
        api.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> operations.add(new Operation(
                                path.getKey(),
                                operation.getKey().toUpperCase(java.util.Locale.ROOT),
                                operation.getValue(),
                                statuses(operation.getValue())))));
    }

    private static Set<Integer> statuses(JsonNode operation) {
        Set<Integer> all = new TreeSet<>();
        operation.path("responses").propertyNames().forEach(status -> all.add(Integer.parseInt(status)));
        return all;
    }

    int operations() {
        return operations.size();
    }

    Call next() {
        if (chance(10)) {
            return nonsense();
        }
        Operation operation = one(operations);
        String method = chance(5) ? one(METHODS) : operation.method();
        StringBuilder head =
                new StringBuilder(method).append(' ').append(address(operation)).append(" HTTP/1.1\r\n");
        byte[] body = new byte[0];
        if (operation.method().equals("POST")
                && !operation.description().path("requestBody").isMissingNode()) {
            body = chance(10)
                    ? new byte[random.nextInt(70_000)]
                    : operation.path().endsWith("/changes") ? changes() : form();
            head.append("Content-Type: ")
                    .append(chance(15) ? one(TYPES) : "multipart/form-data; boundary=b")
                    .append("\r\n");
        } else if (chance(3)) {
            body = "a=b".getBytes(StandardCharsets.US_ASCII);
            head.append("Content-Type: ").append(one(TYPES)).append("\r\n");
        }
        return call(head, body, method.equals(operation.method()) ? operation : null, method);
    }

    private Call call(StringBuilder head, byte[] body, Operation operation, String method) {
        head.append(chance(3) ? "" : "Host: localhost\r\n");
        if (!chance(10)) {
            head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        while (chance(30)) {
            head.append(one(HEADERS)).append(": ").append(one(HEADER_VALUES)).append("\r\n");
        }
        boolean chunked = body.length > 0 && chance(20);
        if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n\r\n")
                    .append(Integer.toHexString(body.length))
                    .append("\r\n");
        } else {
            head.append(body.length > 0 ? "Content-Length: " + body.length + "\r\n" : "")
                    .append("\r\n");
        }
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        if (chunked) {
            all.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        return new Call(all.toByteArray(), operation, method);
    }

    /** An address that the document does not name, a line that is none, or noise. */
    private Call nonsense() {
        if (chance(20)) {
            byte[] noise = new byte[1 + random.nextInt(200)];
            random.nextBytes(noise);
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            all.writeBytes(chance(50) ? "GET ".getBytes(StandardCharsets.US_ASCII) : new byte[0]);
            all.writeBytes(noise);
            all.writeBytes("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new Call(all.toByteArray(), null, "noise");
        }
        String method = one(METHODS);
        String address = one(OTHER_PATHS)
                + (chance(30) ? one(RAW) : "")
                + (chance(40) ? "?" + one(RAW) + "=" + encoded(one(ODD)) : "");
        return call(new StringBuilder(method + " " + address + " HTTP/1.1\r\n"), new byte[0], null, method);
    }

    private String address(Operation operation) {
        String path = operation.path();
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation.description().path("parameters")) {
            String name = parameter.path("name").asString();
            if (parameter.path("in").asString().equals("path")) {
                String known = operation.path().startsWith("/projects/") ? project : job;
                boolean isId = name.equals("id") || name.equals("base");
                String value = isId && !chance(20) ? known : chance(50) ? example(parameter) : one(ODD);
                path = path.replace("{" + name + "}", chance(5) ? one(RAW) : encoded(value));
            } else if (parameter.path("in").asString().equals("query")) {
                for (int times = chance(50) ? 0 : chance(80) ? 1 : 3; times > 0; times--) {
                    query.append(query.isEmpty() ? '?' : '&')
                            .append(name)
                            .append('=')
                            .append(chance(5) ? one(RAW) : encoded(chance(40) ? example(parameter) : one(ODD)));
                }
            }
        }
        return path + query;
    }

    private static String example(JsonNode parameter) {
        JsonNode schema = parameter.path("schema");
        JsonNode values = schema.has("items") ? schema.path("items").path("enum") : schema.path("enum");
        return values.isArray() && !values.isEmpty()
                ? values.get(0).asString()
                : parameter.path("example").asString("1");
    }

    private byte[] form() {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        if (!chance(10)) {
            all.writeBytes(part("project", chance(80) ? "main.py" : one(ODD), chance(70) ? "print(1)\n" : one(ODD)));
        }
        for (String name : fields()) {
            if (chance(8)) {
                all.writeBytes(part(
                        chance(90) ? name : one(ODD),
                        chance(20) ? one(ODD) : null,
                        chance(80) ? one(ODD) : "{\"name\":" + one(ODD)));
            }
        }
        String end = chance(5) ? "" : chance(5) ? "--b" : "--b--\r\n";
        all.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
        return all.toByteArray();
    }

    private static final List<String> MANIFESTS = List.of(
            "",
            "slipway-project/1",
            "slipway-project/1\n",
            "slipway-project/1\n- 9 %s main.py\n",
            "slipway-project/1\n- 9 %s a.py\n- 9 %s main.py\n",
            "slipway-project/1\n- 9 %s main.py\n- 9 %s main.py/x\n",
            "slipway-project/1\nx 99999999999999999 %s main.py\n",
            "slipway-project/1\nd 0 - main.py\n",
            "slipway-project/1\n- 9 %s ../main.py\n",
            "slipway-project/1\n- 9 %s " + "a/".repeat(2000) + "x\n");

    /** SHA-256 of the script that {@link #form} sends. */
    private static final String SCRIPT = "cc42155088fca5730758db72b2a5bca33112a941dfaa2d43098ec422ce4ea213";

    private byte[] changes() {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        if (!chance(10)) {
            String manifest = chance(80) ? one(MANIFESTS).replace("%s", SCRIPT) : one(ODD);
            all.writeBytes(part("manifest", chance(80) ? "manifest" : one(ODD), manifest));
        }
        if (chance(60)) {
            all.writeBytes(part("changes", chance(80) ? "c.py" : one(ODD), chance(70) ? "print(1)\n" : one(ODD)));
        }
        if (chance(10)) {
            all.writeBytes(part(one(fields()), chance(50) ? one(ODD) : null, one(ODD)));
        }
        all.writeBytes((chance(5) ? "" : "--b--\r\n").getBytes(StandardCharsets.US_ASCII));
        return all.toByteArray();
    }

    private List<String> fields() {
        List<String> names = new ArrayList<>(
                List.of("spec", "config", "configPath", "pythonEnvironment", "requirementsFile", "project"));
        names.addAll(api.path("components")
                .path("schemas")
                .path("JobSpec")
                .path("properties")
                .propertyNames());
        return names;
    }

    private static byte[] part(String name, String fileName, String value) {
        String file = fileName == null ? "" : "; filename=\"" + fileName + "\"";
        return ("--b\r\nContent-Disposition: form-data; name=\"" + name + "\"" + file + "\r\n\r\n" + value + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
