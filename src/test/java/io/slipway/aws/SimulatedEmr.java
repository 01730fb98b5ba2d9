package io.slipway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Amazon EMR as far as Slipway uses it, speaking JSON 1.1 on a free port of the loopback interface, so that the real SDK client is
 * under test. Its steps live by a clock that the test moves; it limits and fails as EMR does, on command. Any process may call it.
 */
public final class SimulatedEmr implements AutoCloseable {

    private static final String TARGET = "ElasticMapReduce.";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DateTimeFormatter AMZ_DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final LoopbackServer server;
    private final Clock clock;
    private final EmrOperations operations;
    private final Map<String, Deque<EmrFault>> faults = new HashMap<>();
    private final Map<String, Runnable> before = new HashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private Function<String, EmrFault> weather = operation -> null;
    private Consumer<EmrStep> onEnd = step -> {};
    private BiConsumer<String, EmrStep> onChange = (cluster, step) -> {};
    private TokenBuckets quota;
    private int overQuota;
    private Clock signatureClock;
    private Duration signatureLifetime;

    /** A call as it arrived, throttled and failed ones included. */
    public record Call(String operation, JsonNode body) {}

    private SimulatedEmr(Clock clock) throws IOException {
        this.clock = clock;
        this.operations = new EmrOperations(clock);
        operations.make = this::make;
        this.server = new LoopbackServer("simulated-emr", this::serve);
    }

    public static SimulatedEmr start(Clock clock) throws IOException {
        return new SimulatedEmr(clock);
    }

    /** For {@code AWS_ENDPOINT_URL_EMR} or {@code aws.endpointUrlEmr}. */
    public URI endpoint() {
        return server.endpoint();
    }

    /** @param logUri where the cluster says that its logs are; {@code null} for a cluster without logs */
    public synchronized SimulatedEmr withCluster(String id, int stepConcurrency, String logUri) {
        EmrCluster cluster =
                new EmrCluster(id, clock.instant(), step -> onEnd.accept(step), step -> onChange.accept(id, step));
        cluster.stepConcurrency = stepConcurrency;
        cluster.logUri = logUri;
        operations.clusters.put(id, cluster);
        return this;
    }

    private EmrCluster make(String id, EmrCluster.Made how) {
        return new EmrCluster(id, clock.instant(), step -> onEnd.accept(step), step -> onChange.accept(id, step))
                .made(how);
    }

    /** How clusters behave that are made from now on, by their names. */
    public synchronized void clusterScript(Function<String, ClusterScript> byName) {
        operations.clusterScript = byName;
    }

    /** From acceptance of RunJobFlow to being listed. */
    public synchronized void clusterListingLag(Duration lag) {
        operations.clusterListingLag = lag;
    }

    /**
     * A cluster that RunJobFlow made, as it is now.
     *
     * @param endedAt {@code null} while it has not ended
     * @param request that made it
     */
    public record MadeCluster(
            String id, String name, String state, Instant createdAt, Instant endedAt, int steps, JsonNode request) {}

    /** Oldest first. */
    public synchronized List<MadeCluster> madeClusters() {
        return operations.clusters.values().stream()
                .filter(cluster -> cluster.made != null)
                .peek(cluster -> cluster.advance(clock.instant()))
                .map(cluster -> new MadeCluster(
                        cluster.id,
                        cluster.name,
                        cluster.state,
                        cluster.createdAt,
                        cluster.endedAt,
                        cluster.steps.size(),
                        cluster.made.request()))
                .toList();
    }

    /** Makes the n-th made cluster once more, as a call would that comes late. */
    public synchronized void runAgain(int number) {
        operations.perform("RunJobFlow", madeClusters().get(number).request(), EmrFault.Share.ALL);
    }

    /** As somebody else's call would, by a name. */
    public synchronized MadeCluster makeCluster(String name) {
        ObjectNode request = JSON.createObjectNode().put("Name", name).put("ReleaseLabel", "emr-7.14.0");
        request.putObject("Instances")
                .put("KeepJobFlowAliveWhenNoSteps", true)
                .putArray("InstanceGroups")
                .addObject()
                .put("InstanceRole", "MASTER");
        operations.perform("RunJobFlow", request, EmrFault.Share.ALL);
        List<MadeCluster> made = madeClusters();
        return made.get(made.size() - 1);
    }

    public synchronized SimulatedEmr named(String clusterId, String name, Map<String, String> tags) {
        operations.clusters.get(clusterId).name = name;
        operations.clusters.get(clusterId).tags = Map.copyOf(tags);
        return this;
    }

    public synchronized SimulatedEmr released(String clusterId, String label) {
        operations.clusters.get(clusterId).releaseLabel = label;
        return this;
    }

    /** @param primaryTypes of its primary node: one for a group, several for a fleet of which EMR chooses one */
    public synchronized SimulatedEmr of(String clusterId, String... primaryTypes) {
        operations.clusters.get(clusterId).primaryType = primaryTypes[0];
        operations.clusters.get(clusterId).fleet = primaryTypes.length > 1 ? List.of(primaryTypes) : List.of();
        return this;
    }

    /** How steps behave, by their names. */
    public synchronized void script(Function<String, StepScript> byName) {
        operations.script = byName;
    }

    /** Steps of these names are refused, and with them the whole call that brings them. */
    public synchronized void poison(Predicate<String> names) {
        operations.poison = names;
    }

    /** Called once for each step that ends, such as to put its logs somewhere; it must not call back. */
    public synchronized void onEnd(Consumer<EmrStep> listener) {
        this.onEnd = listener;
    }

    /** Called for each new state of a step, with its cluster's id, at the latest when somebody looks; it must not call back. */
    public synchronized void onChange(BiConsumer<String, EmrStep> listener) {
        this.onChange = onChange.andThen(listener);
    }

    public synchronized void forgetListeners() {
        this.onChange = (cluster, step) -> {};
    }

    /** Lets happen on all clusters what has happened by now, as if somebody had looked. */
    public synchronized void advance() {
        operations.clusters.values().forEach(cluster -> cluster.advance(clock.instant()));
    }

    public synchronized void listingLag(String clusterId, Duration lag) {
        operations.clusters.get(clusterId).listingLag = lag;
    }

    public synchronized void pickUpTakes(String clusterId, Duration time) {
        operations.clusters.get(clusterId).pickUp = time;
    }

    /** Calls that came when the account's quota was spent. */
    public synchronized int overQuota() {
        return overQuota;
    }

    public synchronized void cancelTakes(String clusterId, Duration time) {
        operations.clusters.get(clusterId).cancelTakes = time;
    }

    /** The account's quota holds from now on, its buckets full. */
    public synchronized void limitCalls() {
        limitCalls(1);
    }

    /** @param faster how many times more calls a second than by default; for runs in which every window is as much shorter */
    public synchronized void limitCalls(double faster) {
        this.quota = new TokenBuckets(clock, faster);
    }

    /** Signatures more than five minutes away from this clock are refused from now on (DESIGN, "Exactly once"). */
    public synchronized void refuseOldSignatures(Clock by) {
        refuseOldSignatures(by, Duration.ofMinutes(5));
    }

    public synchronized void refuseOldSignatures(Clock by, Duration lifetime) {
        this.signatureClock = by;
        this.signatureLifetime = lifetime;
    }

    /** The next call of the operation meets the fault; faults queue up. */
    public synchronized void failNext(String operation, EmrFault fault) {
        faults.computeIfAbsent(operation, name -> new ArrayDeque<>()).add(fault);
    }

    /** Happens when the next call of the operation arrives, before EMR looks at it. */
    public synchronized void beforeNext(String operation, Runnable happening) {
        before.put(operation, happening);
    }

    /** The step, which runs, comes to its good end now. */
    public synchronized void end(String clusterId, String stepId) {
        operations.clusters.get(clusterId).endNow(stepId, "COMPLETED", clock.instant());
    }

    /** The step, which runs, fails now. */
    public synchronized void fail(String clusterId, String stepId) {
        operations.clusters.get(clusterId).endNow(stepId, "FAILED", clock.instant());
    }

    /** Somebody else's step, added now, that runs for ten seconds. */
    public synchronized void addForeign(String clusterId, String name) {
        operations.addForeign(operations.clusters.get(clusterId), name);
    }

    /** What happens to calls that no queued fault waits for: {@code null} for nothing. */
    public synchronized void weather(Function<String, EmrFault> byOperation) {
        this.weather = byOperation;
    }

    public synchronized void terminate(String clusterId, String state, String reason) {
        operations.clusters.get(clusterId).terminate(state, reason, clock.instant());
    }

    /** Every step that the cluster ever took, oldest first, those behind the horizon included. */
    public synchronized List<EmrStep> steps(String clusterId) {
        EmrCluster cluster = operations.clusters.get(clusterId);
        cluster.advance(clock.instant());
        return List.copyOf(cluster.steps);
    }

    /** The tags of the YARN applications that run; a cancelled step's is still among them. */
    public synchronized List<String> applications(String clusterId) {
        EmrCluster cluster = operations.clusters.get(clusterId);
        cluster.advance(clock.instant());
        return cluster.runningApplications(clock.instant()).toList();
    }

    public synchronized void killApplication(String clusterId, String tag) {
        operations.clusters.get(clusterId).applications.remove(tag);
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public List<Call> calls(String operation) {
        return calls.stream().filter(call -> call.operation().equals(operation)).toList();
    }

    public void forgetCalls() {
        calls.clear();
    }

    @Override
    public void close() {
        server.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String operation =
                    exchange.getRequestHeaders().getFirst("X-Amz-Target").substring(TARGET.length());
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            calls.add(new Call(operation, body));
            happening(operation).run();
            EmrFault fault = nextFault(operation);
            Thread.sleep(fault.lateness().toMillis());
            Reply reply = reply(operation, body, exchange.getRequestHeaders().getFirst("X-Amz-Date"), fault);
            Thread.sleep(reply.delay().toMillis());
            if (reply.status() > 0) {
                exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
                byte[] bytes = reply.body().toString().getBytes(UTF_8);
                exchange.sendResponseHeaders(reply.status(), bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param status 0 for none: the connection is closed */
    private record Reply(int status, ObjectNode body, Duration delay) {
        static Reply error(EmrError error, Duration delay) {
            ObjectNode body =
                    JSON.createObjectNode().put("__type", error.type()).put("Message", error.getMessage());
            return new Reply(error.status(), body, delay);
        }
    }

    private synchronized Reply reply(String operation, JsonNode body, String date, EmrFault fault) {
        try {
            checkSignature(date);
            if (quota != null && !quota.take(operation)) {
                overQuota++;
                throw EmrError.throttled();
            }
            ObjectNode answer = fault.share() == EmrFault.Share.NOTHING
                    ? JSON.createObjectNode()
                    : operations.perform(operation, body, fault.share());
            return switch (fault.answer()) {
                case NORMAL -> new Reply(200, answer, fault.delay());
                case THROTTLED -> Reply.error(EmrError.throttled(), fault.delay());
                case INTERNAL_ERROR -> Reply.error(EmrError.internal(), fault.delay());
                case DENIED -> Reply.error(EmrError.denied(), fault.delay());
                case CLOSED -> new Reply(0, answer, fault.delay());
            };
        } catch (EmrError error) {
            return Reply.error(error, fault.delay());
        }
    }

    private synchronized Runnable happening(String operation) {
        Runnable happening = before.remove(operation);
        return happening == null ? () -> {} : happening;
    }

    private synchronized EmrFault nextFault(String operation) {
        Deque<EmrFault> queue = faults.get(operation);
        EmrFault fault = queue == null || queue.isEmpty() ? weather.apply(operation) : queue.remove();
        return fault == null ? EmrFault.slow(Duration.ZERO) : fault;
    }

    private void checkSignature(String date) {
        if (signatureClock == null) {
            return;
        }
        Instant signedAt = Instant.from(AMZ_DATE.parse(date));
        Duration age = Duration.between(signedAt, signatureClock.instant()).abs();
        if (age.compareTo(signatureLifetime) > 0) {
            throw EmrError.signatureExpired(date);
        }
    }

    /** What was sent more than once, which must never be: the names of such steps. */
    public synchronized List<String> duplicates() {
        List<String> seen = new ArrayList<>();
        List<String> twice = new ArrayList<>();
        operations
                .clusters
                .values()
                .forEach(cluster -> cluster.steps.forEach(step -> {
                    if (seen.contains(step.name)) {
                        twice.add(step.name);
                    }
                    seen.add(step.name);
                }));
        return twice;
    }
}
