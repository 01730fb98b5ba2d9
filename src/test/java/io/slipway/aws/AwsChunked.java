package io.slipway.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A body in {@code aws-chunked} encoding: {@code hex-size[;chunk-signature=…]CRLF bytes CRLF}, a chunk of size 0, then the trailing
 * headers, where SDKs from 2.30 on put the checksum of an upload (emr-facts, section 11).
 */
record AwsChunked(byte[] content, Map<String, String> trailers) {

    static AwsChunked decode(byte[] body) {
        ByteArrayOutputStream content = new ByteArrayOutputStream(body.length);
        int at = 0;
        while (true) {
            String head = line(body, at);
            at += head.length() + 2;
            int size = Integer.parseInt(head.split(";", 2)[0], 16);
            if (size == 0) {
                return new AwsChunked(content.toByteArray(), trailers(body, at));
            }
            if (at + size + 2 > body.length) {
                throw new S3Error.Refusal(S3Error.INCOMPLETE_BODY);
            }
            content.write(body, at, size);
            at += size + 2;
        }
    }

    private static Map<String, String> trailers(byte[] body, int start) {
        Map<String, String> trailers = new HashMap<>();
        int at = start;
        while (at < body.length) {
            String line = line(body, at);
            at += line.length() + 2;
            int colon = line.indexOf(':');
            if (colon > 0) {
                trailers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return trailers;
    }

    private static String line(byte[] body, int start) {
        int end = start;
        while (end < body.length && body[end] != '\r') {
            end++;
        }
        if (end == body.length) {
            throw new S3Error.Refusal(S3Error.INCOMPLETE_BODY);
        }
        return new String(body, start, end - start, ISO_8859_1);
    }
}
