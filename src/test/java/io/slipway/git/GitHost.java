package io.slipway.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Git's own server over HTTPS on the loopback address, with a certificate of its own and, for some paths, something worse. */
public final class GitHost implements AutoCloseable {

    private static final char[] PASSWORD = "password".toCharArray();

    private final Path folder;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> instead = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final Map<String, String> logins = new ConcurrentHashMap<>();

    /** What a path is answered in place of git. */
    public interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private GitHost(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate()));
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    public static GitHost start(Path folder) throws Exception {
        return new GitHost(folder);
    }

    private SSLContext certificate() throws Exception {
        Path store = folder.resolve("key.p12");
        run(
                folder,
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "git",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        Files.writeString(
                authority(),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate("git").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** PEM of what its certificate is signed with. */
    public Path authority() {
        return folder.resolve("authority.pem");
    }

    /** {@code https://localhost:port}. */
    public String url() {
        return "https://localhost:" + port();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Method, path and query of each request so far, and who logged in. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** A new repository with one branch, {@code main}; commits are made in it as in any. */
    public Repository repository(String path) throws Exception {
        Path work = Files.createDirectories(folder.resolve("repositories").resolve(path));
        git(work, "init", "-q", "-b", "main");
        git(work, "config", "user.name", "Test");
        git(work, "config", "user.email", "test@example.org");
        git(work, "config", "uploadpack.allowFilter", "true");
        return new Repository(work);
    }

    /** Only who logs in so may read what lies under the path. */
    public void requireLogin(String path, String user, String token) {
        logins.put("/" + path, "Basic " + Base64.getEncoder().encodeToString((user + ":" + token).getBytes(UTF_8)));
    }

    /** Whatever is asked under the path is answered once the gate is open. */
    public CountDownLatch gate(String path) {
        CountDownLatch gate = new CountDownLatch(1);
        gates.put("/" + path, gate);
        return gate;
    }

    /** Whatever is asked under the path is answered so. */
    public void instead(String path, Answer answer) {
        instead.put("/" + path, answer);
    }

    /** A repository on this machine. */
    public record Repository(Path work) {

        public Repository with(String file, String content) throws Exception {
            Path path = work.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, content);
            return this;
        }

        /** Commits all that there is, and returns the commit's id. */
        public String commit() throws Exception {
            git("add", "-A");
            git("commit", "-q", "--allow-empty", "-m", "A change");
            return git("rev-parse", "HEAD").strip();
        }

        public String git(String... words) throws Exception {
            return GitHost.git(work, words);
        }
    }

    private static String git(Path work, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(Arrays.asList(words));
        return run(work, command.toArray(String[]::new));
    }

    private static String run(Path work, String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI()
                    + (login == null ? "" : " with a login"));
            for (Map.Entry<String, CountDownLatch> gate : gates.entrySet()) {
                if (path.startsWith(gate.getKey() + "/")) {
                    await(gate.getValue());
                }
            }
            for (Map.Entry<String, Answer> other : instead.entrySet()) {
                if (path.startsWith(other.getKey() + "/")) {
                    other.getValue().to(exchange);
                    return;
                }
            }
            for (Map.Entry<String, String> needed : logins.entrySet()) {
                if (path.startsWith(needed.getKey() + "/") && !needed.getValue().equals(login)) {
                    exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                    exchange.sendResponseHeaders(401, -1);
                    return;
                }
            }
            git(exchange, path);
        }
    }

    private static void await(CountDownLatch gate) throws IOException {
        try {
            if (!gate.await(60, TimeUnit.SECONDS)) {
                throw new IOException("nobody opened the gate");
            }
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    /** By {@code git http-backend}, a program of the Common Gateway Interface. */
    private void git(HttpExchange exchange, String path) throws IOException {
        ProcessBuilder backend = new ProcessBuilder("git", "http-backend");
        Map<String, String> environment = backend.environment();
        environment.put("GIT_PROJECT_ROOT", folder.resolve("repositories").toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("GIT_CONFIG_COUNT", "1");
        environment.put("GIT_CONFIG_KEY_0", "safe.directory");
        environment.put("GIT_CONFIG_VALUE_0", "*");
        environment.put("PATH_INFO", path);
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("QUERY_STRING", String.valueOf(exchange.getRequestURI().getRawQuery()));
        header(exchange, "Content-Type", environment, "CONTENT_TYPE");
        header(exchange, "Content-Encoding", environment, "HTTP_CONTENT_ENCODING");
        header(exchange, "Git-Protocol", environment, "GIT_PROTOCOL");
        Process process = backend.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (OutputStream in = process.getOutputStream()) {
            exchange.getRequestBody().transferTo(in);
        }
        try (InputStream out = process.getInputStream()) {
            int status = 200;
            for (String line = line(out); !line.isEmpty(); line = line(out)) {
                String[] header = line.split(": ", 2);
                if (header[0].equals("Status")) {
                    status = Integer.parseInt(header[1].substring(0, 3));
                } else {
                    exchange.getResponseHeaders().add(header[0], header[1]);
                }
            }
            exchange.sendResponseHeaders(status, 0);
            out.transferTo(exchange.getResponseBody());
        }
    }

    private static void header(HttpExchange exchange, String name, Map<String, String> environment, String variable) {
        String value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
            environment.put(variable, value);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
            if (read != '\r') {
                line.append((char) read);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
