package io.slipway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.w3c.dom.Element;

/**
 * Amazon S3 as far as Slipway uses it, in path style on a free port of the loopback interface, so that the real SDK client is under
 * test. It checks what S3 checks, fails on command, and keeps everything in memory.
 */
public final class SimulatedS3 implements AutoCloseable {

    /** The region that requests must be signed for. */
    public static final String REGION = "eu-central-1";

    private final LoopbackServer server;
    private final Map<String, S3Bucket> buckets = new ConcurrentHashMap<>();
    private final Map<String, Deque<S3Fault>> faults = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile boolean conditionalWrites = true;

    private SimulatedS3() throws IOException {
        this.server = new LoopbackServer("simulated-s3", this::serve);
    }

    public static SimulatedS3 start() throws IOException {
        return new SimulatedS3();
    }

    /** For {@code AWS_ENDPOINT_URL_S3} or {@code aws.endpointUrlS3}. */
    public URI endpoint() {
        return server.endpoint();
    }

    public SimulatedS3 withBucket(String name) {
        buckets.put(name, new S3Bucket());
        return this;
    }

    /**
     * The next call of the operation meets the fault; faults queue up. {@code PutObject} (S3's own name for it) means any key,
     * {@code PutObject <key>} only that one.
     */
    public void failNext(String operation, S3Fault fault) {
        failNext(operation, 1, fault);
    }

    public void failNext(String operation, int times, S3Fault fault) {
        Deque<S3Fault> queue = faults.computeIfAbsent(operation, name -> new ArrayDeque<>());
        synchronized (queue) {
            for (int i = 0; i < times; i++) {
                queue.add(fault);
            }
        }
    }

    public void recover() {
        faults.clear();
    }

    /** From now on it answers {@code If-None-Match} on a write with 501, as some S3-compatible stores do. */
    public void refuseConditionalWrites() {
        this.conditionalWrites = false;
    }

    /** Every call so far, as {@code PutObject some/key}. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    public void forgetCalls() {
        calls.clear();
    }

    public void forget(String bucket, String key) {
        buckets.get(bucket).objects.remove(key);
    }

    public Collection<String> keys(String bucket) {
        return buckets.get(bucket).objects.keySet();
    }

    public byte[] content(String bucket, String key) {
        return buckets.get(bucket).get(key).content().clone();
    }

    public void put(String bucket, String key, byte[] content) {
        buckets.get(bucket).put(key, content.clone(), false);
    }

    /** Multipart uploads that were neither completed nor aborted: what somebody would pay for. */
    public int unfinishedUploads(String bucket) {
        return buckets.get(bucket).uploads.size();
    }

    @Override
    public void close() {
        server.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                serve(S3Request.read(exchange), exchange);
            } catch (S3Error.Refusal refusal) {
                refuse(exchange, refusal.error());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void serve(S3Request request, HttpExchange exchange) throws IOException, InterruptedException {
        String operation = request.operation();
        String call = operation + " " + request.key();
        calls.add(call);
        S3Fault fault = nextFault(call);
        if (fault == null) {
            fault = nextFault(operation);
        }
        if (fault instanceof S3Fault.Closed closed && !closed.done()) {
            return;
        }
        if (fault instanceof S3Fault.Answer answer) {
            throw new S3Error.Refusal(answer.error());
        }
        if (fault instanceof S3Fault.Late late) {
            answer(exchange, 200, "\n  " + late.error().xml());
            return;
        }
        if (fault instanceof S3Fault.Slow slow) {
            Thread.sleep(slow.delay().toMillis());
        }
        if (fault instanceof S3Fault.Held held) {
            held.release().await(1, TimeUnit.MINUTES);
        }
        Reply reply = perform(operation, request, exchange);
        if (!(fault instanceof S3Fault.Closed)) {
            answer(exchange, reply);
        }
    }

    private S3Fault nextFault(String operation) {
        Deque<S3Fault> queue = faults.get(operation);
        if (queue == null) {
            return null;
        }
        synchronized (queue) {
            return queue.poll();
        }
    }

    private Reply perform(String operation, S3Request request, HttpExchange exchange) {
        checkSignature(request);
        request.check();
        S3Bucket bucket = buckets.get(request.bucket());
        if (bucket == null) {
            throw new S3Error.Refusal(S3Error.NO_SUCH_BUCKET);
        }
        if (request.mustBeNew() && !conditionalWrites) {
            throw new S3Error.Refusal(S3Error.NOT_IMPLEMENTED);
        }
        return switch (operation) {
            case "PutObject" -> {
                var object = bucket.put(request.key(), request.body(), request.mustBeNew());
                exchange.getResponseHeaders().set("ETag", "\"" + object.etag() + "\"");
                yield Reply.empty(200);
            }
            case "GetObject", "HeadObject" -> object(bucket.get(request.key()), request, exchange);
            case "DeleteObject" -> {
                bucket.objects.remove(request.key());
                yield Reply.empty(204);
            }
            case "DeleteObjects" -> deleteMany(bucket, request);
            case "ListObjectsV2" -> Reply.xml(S3Listing.xml(request, bucket));
            case "HeadBucket" -> Reply.empty(200);
            case "CreateMultipartUpload" ->
                Reply.xml("<InitiateMultipartUploadResult>" + S3Xml.text("Bucket", request.bucket())
                        + S3Xml.text("Key", request.key())
                        + S3Xml.text(
                                "UploadId",
                                bucket.createUpload(
                                        request.key(), request.headers().containsKey("x-amz-checksum-algorithm")))
                        + "</InitiateMultipartUploadResult>");
            case "UploadPart" -> uploadPart(bucket, request, exchange);
            case "CompleteMultipartUpload" -> {
                var done = bucket.complete(
                        request.key(), request.query("uploadId", ""), completedParts(request), request.mustBeNew());
                yield Reply.xml("<CompleteMultipartUploadResult>" + S3Xml.text("Key", request.key())
                        + S3Xml.text("ETag", "\"" + done.etag() + "\"") + "</CompleteMultipartUploadResult>");
            }
            case "AbortMultipartUpload" -> {
                bucket.abort(request.key(), request.query("uploadId", ""));
                yield Reply.empty(204);
            }
            case "ListMultipartUploads" -> uploads(bucket);
            default -> throw new S3Error.Refusal(S3Error.NOT_IMPLEMENTED);
        };
    }

    /** S3 refuses unsigned calls, and those signed for another region (checked by the credential scope alone; no secret is known). */
    private static void checkSignature(S3Request request) {
        String authorization = request.headers().getOrDefault("authorization", "");
        if (!authorization.startsWith("AWS4-HMAC-SHA256 ")) {
            throw new S3Error.Refusal(S3Error.ACCESS_DENIED);
        }
        if (!authorization.contains("/" + REGION + "/s3/aws4_request")) {
            throw new S3Error.Refusal(S3Error.AUTHORIZATION_HEADER_MALFORMED);
        }
    }

    private static Reply object(S3Bucket.StoredObject object, S3Request request, HttpExchange exchange) {
        byte[] content = object.content();
        String wanted = request.headers().get("if-match");
        if (wanted != null && !wanted.replace("\"", "").equals(object.etag())) {
            throw new S3Error.Refusal(S3Error.PRECONDITION_FAILED);
        }
        var headers = exchange.getResponseHeaders();
        headers.set("ETag", "\"" + object.etag() + "\"");
        headers.set("Accept-Ranges", "bytes");
        headers.set("Last-Modified", "Tue, 01 Jan 2030 00:00:00 GMT");
        String range = request.headers().get("range");
        if (range == null) {
            return new Reply(200, content);
        }
        String[] bounds = range.substring("bytes=".length()).split("-", 2);
        int from = bounds[0].isEmpty()
                ? Math.max(0, content.length - Integer.parseInt(bounds[1]))
                : Integer.parseInt(bounds[0]);
        int to = bounds[0].isEmpty() || bounds[1].isEmpty()
                ? content.length - 1
                : Math.min(content.length - 1, Integer.parseInt(bounds[1]));
        if (from >= content.length || from > to) {
            throw new S3Error.Refusal(S3Error.INVALID_RANGE);
        }
        headers.set("Content-Range", "bytes " + from + "-" + to + "/" + content.length);
        return new Reply(206, Arrays.copyOfRange(content, from, to + 1));
    }

    /** It wants a checksum of the body even from clients that send none elsewhere (emr-facts, section 11). */
    private static Reply deleteMany(S3Bucket bucket, S3Request request) {
        boolean checked = request.headers().keySet().stream()
                .anyMatch(name -> name.equals("content-md5") || name.startsWith("x-amz-checksum-"));
        List<Element> wanted = S3Xml.elements(request.body(), "Object");
        if (!checked || wanted.size() > 1000) {
            throw new S3Error.Refusal(S3Error.INVALID_REQUEST);
        }
        StringBuilder deleted = new StringBuilder("<DeleteResult>");
        for (Element object : wanted) {
            String key = S3Xml.child(object, "Key");
            bucket.objects.remove(key);
            deleted.append(S3Xml.element("Deleted", S3Xml.text("Key", key)));
        }
        return Reply.xml(deleted.append("</DeleteResult>").toString());
    }

    private static Reply uploadPart(S3Bucket bucket, S3Request request, HttpExchange exchange) {
        String crc32 = request.headers().get("x-amz-checksum-crc32");
        S3Bucket.Part part = bucket.uploadPart(
                request.key(),
                request.query("uploadId", ""),
                Integer.parseInt(request.query("partNumber", "")),
                request.body(),
                crc32);
        exchange.getResponseHeaders().set("ETag", "\"" + part.etag() + "\"");
        if (crc32 != null) {
            exchange.getResponseHeaders().set("x-amz-checksum-crc32", crc32);
        }
        return Reply.empty(200);
    }

    private static List<S3Bucket.CompletedPart> completedParts(S3Request request) {
        return S3Xml.elements(request.body(), "Part").stream()
                .map(part -> new S3Bucket.CompletedPart(
                        Integer.parseInt(S3Xml.child(part, "PartNumber")),
                        S3Xml.child(part, "ETag"),
                        S3Xml.child(part, "ChecksumCRC32")))
                .toList();
    }

    private static Reply uploads(S3Bucket bucket) {
        StringBuilder found = new StringBuilder("<ListMultipartUploadsResult>");
        bucket.uploads.forEach((id, upload) ->
                found.append(S3Xml.element("Upload", S3Xml.text("Key", upload.key()) + S3Xml.text("UploadId", id))));
        return Reply.xml(found.append("</ListMultipartUploadsResult>").toString());
    }

    private static void refuse(HttpExchange exchange, S3Error error) throws IOException {
        // With the error that says "elsewhere" S3 names the place.
        exchange.getResponseHeaders().set("x-amz-bucket-region", REGION);
        answer(exchange, error.status(), error.xml());
    }

    private static void answer(HttpExchange exchange, int status, String xml) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        answer(exchange, new Reply(status, ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml).getBytes(UTF_8)));
    }

    /** A HEAD has the headers of a GET and never a body, not even with an error. */
    private static void answer(HttpExchange exchange, Reply reply) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(reply.body().length));
        }
        boolean noBody = head || reply.body().length == 0;
        exchange.sendResponseHeaders(reply.status(), noBody ? -1 : reply.body().length);
        if (!noBody) {
            exchange.getResponseBody().write(reply.body());
        }
    }

    private record Reply(int status, byte[] body) {

        static Reply empty(int status) {
            return new Reply(status, new byte[0]);
        }

        static Reply xml(String xml) {
            return new Reply(200, xml.getBytes(UTF_8));
        }
    }
}
