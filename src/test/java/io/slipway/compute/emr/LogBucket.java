package io.slipway.compute.emr;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;

/** Just enough of S3 to read logs from: one bucket, its listing and its objects. */
final class LogBucket implements AutoCloseable {

    final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    final List<String> gets = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    LogBucket() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/logs", this::serve);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void put(String key, String text) {
        objects.put(key, text.getBytes(UTF_8));
    }

    void putGzip(String key, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        objects.put(key, bytes.toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getQuery();
            if (query != null && query.contains("list-type=2")) {
                answer(exchange, 200, listing(query).getBytes(UTF_8));
                return;
            }
            String key = exchange.getRequestURI().getPath().substring("/logs/".length());
            gets.add(key);
            byte[] object = objects.get(key);
            if (object == null) {
                answer(exchange, 404, "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>".getBytes(UTF_8));
            } else {
                answer(exchange, 200, object);
            }
        }
    }

    private String listing(String query) {
        String prefix = List.of(query.split("&")).stream()
                .filter(part -> part.startsWith("prefix="))
                .map(part -> URLDecoder.decode(part.substring(7), UTF_8))
                .findFirst()
                .orElse("");
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
        objects.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .forEach(key -> xml.append("<Contents><Key>").append(key).append("</Key></Contents>"));
        return xml.append("</ListBucketResult>").toString();
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
