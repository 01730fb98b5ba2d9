package io.slipway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.util.DigestUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One standard queue of Amazon SQS with its dead-letter queue, speaking JSON 1.0 on a free port of the loopback interface, so that the
 * real SDK client is under test. It keeps no order, which is what SQS promises: the newest message comes first.
 */
public final class SimulatedSqs implements AutoCloseable {

    private static final String TARGET = "AmazonSQS.";
    private static final int MOST_A_CALL = 10;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final LoopbackServer server;
    private final Clock clock;
    private final Map<Integer, Message> messages = new LinkedHashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> dead = new CopyOnWriteArrayList<>();
    private Duration visibility = Duration.ofSeconds(60);
    private int maxReceives = 10;
    private boolean waits = true;
    private int sent;

    private static final class Message {
        private final String body;
        private Instant visibleFrom;
        private int receives;

        private Message(String body, Instant visibleFrom) {
            this.body = body;
            this.visibleFrom = visibleFrom;
        }
    }

    private SimulatedSqs(Clock clock) throws IOException {
        this.clock = clock;
        this.server = new LoopbackServer("simulated-sqs", this::serve);
    }

    public static SimulatedSqs start(Clock clock) throws IOException {
        return new SimulatedSqs(clock);
    }

    /** For {@code AWS_ENDPOINT_URL_SQS} or {@code aws.endpointUrlSqs}. */
    public URI endpoint() {
        return server.endpoint();
    }

    public String queueUrl() {
        return endpoint() + "/123456789012/events";
    }

    public synchronized SimulatedSqs visibility(Duration timeout) {
        this.visibility = timeout;
        return this;
    }

    public synchronized SimulatedSqs maxReceives(int times) {
        this.maxReceives = times;
        return this;
    }

    /** An empty answer comes at once, whatever wait was asked for: for a clock that somebody moves. */
    public synchronized SimulatedSqs withoutLongPolls() {
        this.waits = false;
        return this;
    }

    public void send(String body) {
        send(body, Duration.ZERO);
    }

    /** It can be received after the delay. */
    public synchronized void send(String body, Duration delay) {
        messages.put(++sent, new Message(body, clock.instant().plus(delay)));
        notifyAll();
    }

    /** The next calls of the operation fail with a 500. */
    public synchronized void failNext(String operation, int times) {
        failures.put(operation, times);
    }

    /** What was not deleted, being handled or not. */
    public synchronized List<String> bodies() {
        return messages.values().stream().map(message -> message.body).toList();
    }

    /** Whether a call for messages would get one now. */
    public synchronized boolean hasVisible() {
        return !visible().isEmpty();
    }

    /** What was received too often. */
    public List<String> dead() {
        return List.copyOf(dead);
    }

    public List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        server.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String operation =
                    exchange.getRequestHeaders().getFirst("X-Amz-Target").substring(TARGET.length());
            JsonNode in = JSON.readTree(exchange.getRequestBody().readAllBytes());
            calls.add(operation);
            boolean fails = failures.merge(operation, -1, Integer::sum) >= 0;
            ObjectNode out = fails
                    ? JSON.createObjectNode().put("__type", "com.amazonaws.sqs#InternalError")
                    : perform(operation, in);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            byte[] bytes = out.toString().getBytes(UTF_8);
            exchange.sendResponseHeaders(fails ? 500 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized ObjectNode perform(String operation, JsonNode in) throws InterruptedException {
        if (!in.path("QueueUrl").asString("").equals(queueUrl())) {
            throw new IllegalArgumentException("no such queue: " + in);
        }
        return switch (operation) {
            case "ReceiveMessage" -> receive(in);
            case "DeleteMessage" -> {
                delete(in);
                yield JSON.createObjectNode();
            }
            case "DeleteMessageBatch" -> deleteAll(in);
            default -> throw new IllegalArgumentException(operation);
        };
    }

    private ObjectNode receive(JsonNode in) throws InterruptedException {
        int most = in.path("MaxNumberOfMessages").asInt(1);
        if (most > MOST_A_CALL) {
            throw new IllegalArgumentException("more than 10 messages a call: " + in);
        }
        long until = System.nanoTime()
                + Duration.ofSeconds(waits ? in.path("WaitTimeSeconds").asInt(0) : 0)
                        .toNanos();
        List<Integer> visible = visible();
        while (visible.isEmpty() && System.nanoTime() < until) {
            wait(20);
            visible = visible();
        }
        ObjectNode out = JSON.createObjectNode();
        ArrayNode all = out.putArray("Messages");
        visible.subList(0, Math.min(most, visible.size())).forEach(number -> {
            Message message = messages.get(number);
            message.visibleFrom = clock.instant().plus(visibility);
            message.receives++;
            all.addObject()
                    .put("MessageId", "m" + number)
                    .put("ReceiptHandle", number + "/" + message.receives)
                    .put("Body", message.body)
                    .put("MD5OfBody", DigestUtils.md5DigestAsHex(message.body.getBytes(UTF_8)));
        });
        return out;
    }

    private List<Integer> visible() {
        Instant now = clock.instant();
        List<Integer> visible = new ArrayList<>();
        List.copyOf(messages.keySet()).forEach(number -> {
            Message message = messages.get(number);
            if (message.visibleFrom.isAfter(now)) {
                return;
            }
            if (message.receives >= maxReceives) {
                dead.add(message.body);
                messages.remove(number);
                return;
            }
            visible.add(0, number);
        });
        return visible;
    }

    private ObjectNode deleteAll(JsonNode in) {
        ObjectNode out = JSON.createObjectNode();
        ArrayNode done = out.putArray("Successful");
        out.putArray("Failed");
        if (in.path("Entries").size() > MOST_A_CALL || in.path("Entries").isEmpty()) {
            throw new IllegalArgumentException("1 to 10 messages a call: " + in);
        }
        in.path("Entries").forEach(entry -> {
            delete(entry);
            done.addObject().put("Id", entry.path("Id").asString());
        });
        return out;
    }

    private void delete(JsonNode entry) {
        String handle = entry.path("ReceiptHandle").asString();
        messages.remove(Integer.valueOf(handle.substring(0, handle.indexOf('/'))));
    }
}
