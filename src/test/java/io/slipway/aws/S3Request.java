package io.slipway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/** One call in path style: {@code /bucket/key?query}. The query and the method say which operation it is. */
record S3Request(
        String method, String bucket, String key, Map<String, String> query, Map<String, String> headers, byte[] body) {

    static S3Request read(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getRawPath().substring(1).split("/", 2);
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (headers.containsKey("x-amz-decoded-content-length")) {
            AwsChunked chunked = AwsChunked.decode(body);
            headers.putAll(chunked.trailers());
            body = chunked.content();
            if (body.length != Long.parseLong(headers.get("x-amz-decoded-content-length"))) {
                throw new S3Error.Refusal(S3Error.INCOMPLETE_BODY);
            }
        }
        return new S3Request(
                exchange.getRequestMethod(),
                decode(path[0]),
                path.length > 1 ? decode(path[1]) : "",
                query(exchange.getRequestURI().getRawQuery()),
                headers,
                body);
    }

    String operation() {
        boolean upload = query.containsKey("uploadId");
        return switch (method + (key.isEmpty() ? " bucket" : " object")) {
            case "PUT object" -> upload ? "UploadPart" : "PutObject";
            case "GET object" -> upload ? "ListParts" : "GetObject";
            case "HEAD object" -> "HeadObject";
            case "DELETE object" -> upload ? "AbortMultipartUpload" : "DeleteObject";
            case "POST object" -> upload ? "CompleteMultipartUpload" : "CreateMultipartUpload";
            case "GET bucket" -> query.containsKey("uploads") ? "ListMultipartUploads" : "ListObjectsV2";
            case "HEAD bucket" -> "HeadBucket";
            case "POST bucket" -> "DeleteObjects";
            default -> throw new S3Error.Refusal(S3Error.METHOD_NOT_ALLOWED);
        };
    }

    String query(String name, String otherwise) {
        return query.getOrDefault(name, otherwise);
    }

    boolean mustBeNew() {
        return "*".equals(headers.get("if-none-match"));
    }

    /** S3 compares the checksum that came with the bytes, in a header or behind them, and refuses what does not match. */
    void check() {
        String sent = headers.get("x-amz-checksum-crc32");
        if (sent != null && !sent.equals(crc32(body))) {
            throw new S3Error.Refusal(S3Error.BAD_DIGEST);
        }
    }

    static String crc32(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
            }
        }
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }
}
