package io.slipway.environments;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** An index of packages as PEP 503 has it, on loopback, with the faults that real ones have. */
public final class PackageIndex implements AutoCloseable {

    public static final String USER = "builder";
    public static final String PASSWORD = "s3cret-of-the-index";

    /** What the index does when it is asked for a package. */
    public enum Fault {
        /** It never answers, until it is closed. */
        HANGS,
        /** It answers 503. */
        DOWN,
        /** It sends clients round in a circle. */
        CIRCLES,
        /** It names another hash than the file has. */
        LIES,
        /** It sends half of the file, and nothing more. */
        BREAKS_OFF
    }

    private final HttpServer server;
    private final boolean closed;
    private final Map<String, Wheel> wheels = new ConcurrentHashMap<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    private PackageIndex(boolean closed) {
        this.closed = closed;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "package-index");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    public static PackageIndex open() {
        return new PackageIndex(false);
    }

    /** Which wants {@link #USER} and {@link #PASSWORD}. */
    public static PackageIndex withLogin() {
        return new PackageIndex(true);
    }

    public PackageIndex with(Wheel... some) {
        // Packed before anybody waits for them: a builder that is given a second would take the index for silent.
        Arrays.stream(some).forEach(Wheel::bytes);
        for (Wheel wheel : some) {
            wheels.put(wheel.fileName(), wheel);
        }
        return this;
    }

    public PackageIndex fault(String project, Fault fault) {
        faults.put(project, fault);
        return this;
    }

    /** Whoever asks for the package waits until it is counted down. */
    public CountDownLatch gate(String project) {
        return gates.computeIfAbsent(project, name -> new CountDownLatch(1));
    }

    public void mended(String project) {
        faults.remove(project);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/simple";
    }

    /** Paths of files that were fetched, in order. */
    public List<String> fetched() {
        return asked.stream().filter(path -> path.startsWith("/files/")).toList();
    }

    public long asked(String project) {
        return asked.stream().filter(("/simple/" + project + "/")::equals).count();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            String login = "Basic "
                    + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
            if (closed && !login.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"packages\"");
                send(exchange, 401, "text/plain", "login".getBytes(StandardCharsets.UTF_8));
            } else if (path.startsWith("/files/")) {
                Wheel wheel = wheels.get(path.substring("/files/".length()));
                if (wheel != null && faults.get(wheel.name().replace('_', '-')) == Fault.BREAKS_OFF) {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(wheel.bytes(), 0, wheel.bytes().length / 2);
                    exchange.getResponseBody().flush();
                    await(over);
                    return;
                }
                send(
                        exchange,
                        wheel == null ? 404 : 200,
                        "application/zip",
                        wheel == null ? new byte[0] : wheel.bytes());
            } else {
                page(exchange, path.replaceAll("^/simple/|/$", ""));
            }
        }
    }

    private void page(HttpExchange exchange, String project) throws IOException {
        Fault fault = faults.get(project);
        CountDownLatch gate = gates.get(project);
        if (gate != null) {
            await(gate);
        }
        if (fault == Fault.HANGS) {
            await(over);
        } else if (fault == Fault.DOWN) {
            send(exchange, 503, "text/plain", new byte[0]);
        } else if (fault == Fault.CIRCLES) {
            exchange.getResponseHeaders().add("Location", "/simple/" + project + "/");
            send(exchange, 302, "text/plain", new byte[0]);
        } else {
            StringBuilder links = new StringBuilder("<!DOCTYPE html><html><body>");
            wheels.values().stream()
                    .filter(wheel -> wheel.name().replace('_', '-').equals(project))
                    .forEach(wheel -> links.append("<a href=\"/files/")
                            .append(wheel.fileName())
                            .append("#sha256=")
                            .append(fault == Fault.LIES ? "0".repeat(64) : wheel.sha256())
                            .append("\">")
                            .append(wheel.fileName())
                            .append("</a>"));
            int status = wheels.values().stream()
                            .anyMatch(wheel -> wheel.name().replace('_', '-').equals(project))
                    ? 200
                    : 404;
            send(
                    exchange,
                    status,
                    "text/html",
                    links.append("</body></html>").toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        over.countDown();
        gates.values().forEach(CountDownLatch::countDown);
        server.stop(0);
    }
}
