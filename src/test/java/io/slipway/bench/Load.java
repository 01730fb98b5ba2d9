package io.slipway.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Clients that send one request after the other, each over a connection that it keeps, in a process of their own: what they need to
 * compile and to collect is not taken from the stand-ins of S3 and EMR.
 */
final class Load implements AutoCloseable {

    /** Which requests are sent. */
    enum Kind {
        /** A project, another one each time. */
        ANOTHER_PROJECT,
        /** One project again and again. */
        SAME_PROJECT,
        /** A batch of Livy. */
        LIVY_BATCH,
        /** What the address itself says. */
        GET
    }

    /** One request that was answered, with the id that its answer tells. */
    record Answered(String id, Instant sent, Duration took) {}

    /** What a load came to. */
    record Measured(Duration time, List<Answered> answers) {
        double perSecond() {
            return answers.size() / (time.toNanos() / 1e9);
        }

        Duration quantile(double share) {
            Lags lags = new Lags();
            answers.forEach(answer -> lags.add(answer.took()));
            return lags.quantile(share);
        }
    }

    private static final String BOUNDARY = "bench";
    private static final byte[] NOTHING = {};
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String END = ".";
    private static final String FAILED = "!";
    /** Beside the script; what a job is started with is seldom one file. */
    private static final int DATA_FILES = 11;

    private final Process process;
    private final BufferedReader answers;
    private final PrintStream orders;

    Load() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Load.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(UTF_8);
        orders = new PrintStream(process.getOutputStream(), true, UTF_8);
    }

    /** @param bytes the size of the project; of no meaning for other requests */
    synchronized Measured run(Kind kind, URI address, int requests, int clients, int bytes) throws IOException {
        orders.println(String.join(
                "\t",
                kind.name(),
                address.toString(),
                String.valueOf(requests),
                String.valueOf(clients),
                String.valueOf(bytes)));
        List<Answered> all = new ArrayList<>();
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            String[] said = line.split("\t", -1);
            switch (said[0]) {
                case END -> {
                    return new Measured(Duration.ofNanos(Long.parseLong(said[1])), all);
                }
                case FAILED -> throw new IOException(said[1]);
                default -> {
                    if (said.length != 3) {
                        throw new IOException("the process that sends requests says: " + line);
                    }
                    all.add(new Answered(
                            said[0],
                            Instant.EPOCH.plus(Long.parseLong(said[1]), ChronoUnit.MICROS),
                            Duration.ofNanos(Long.parseLong(said[2]))));
                }
            }
        }
        throw new IOException("the process that sends requests has ended");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    // ---- The process

    private static final AtomicInteger PROJECTS = new AtomicInteger();
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"?([^\",}]+)");

    public static void main(String[] arguments) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        PrintStream out = new PrintStream(System.out, false, UTF_8);
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split("\t", -1);
            try {
                Measured measured = send(
                        Kind.valueOf(words[0]),
                        URI.create(words[1]),
                        Integer.parseInt(words[2]),
                        Integer.parseInt(words[3]),
                        Integer.parseInt(words[4]));
                for (Answered each : measured.answers()) {
                    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, each.sent());
                    out.println(each.id() + "\t" + micros + "\t" + each.took().toNanos());
                }
                out.println(END + "\t" + measured.time().toNanos());
            } catch (Exception failure) {
                out.println(FAILED + "\t" + String.valueOf(failure).replaceAll("\\s+", " "));
            }
            out.flush();
        }
    }

    private static Measured send(Kind kind, URI address, int requests, int clients, int bytes) throws Exception {
        byte[] ballast = new byte[bytes];
        new Random(bytes).nextBytes(ballast);
        AtomicInteger left = new AtomicInteger(requests);
        List<Future<List<Answered>>> work = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        long began = System.nanoTime();
        for (int client = 0; client < clients; client++) {
            work.add(threads.submit(() -> {
                List<Answered> seen = new ArrayList<>();
                try (KeptConnection connection = new KeptConnection(address)) {
                    while (left.getAndDecrement() > 0) {
                        byte[] body = body(kind, ballast);
                        Instant sent = Instant.now();
                        long start = System.nanoTime();
                        byte[] answer = connection.send(head(kind, address), body);
                        seen.add(new Answered(id(answer), sent, Duration.ofNanos(System.nanoTime() - start)));
                    }
                }
                return seen;
            }));
        }
        List<Answered> all = new ArrayList<>();
        for (Future<List<Answered>> one : work) {
            all.addAll(one.get());
        }
        Duration time = Duration.ofNanos(System.nanoTime() - began);
        threads.shutdown();
        return new Measured(time, all);
    }

    private static String head(Kind kind, URI address) {
        return switch (kind) {
            case GET -> "GET " + address.getPath() + " HTTP/1.1\r\nAccept: application/json\r\n";
            case LIVY_BATCH -> "POST " + address.getPath() + " HTTP/1.1\r\n" + JSON;
            case ANOTHER_PROJECT, SAME_PROJECT ->
                "POST " + address.getPath() + " HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY
                        + "\r\n";
        };
    }

    private static byte[] body(Kind kind, byte[] ballast) throws IOException {
        return switch (kind) {
            case GET -> NOTHING;
            case LIVY_BATCH -> "{\"file\": \"local:/dev/null\"}".getBytes(US_ASCII);
            case SAME_PROJECT -> project(ballast, 0);
            case ANOTHER_PROJECT -> project(ballast, PROJECTS.incrementAndGet());
        };
    }

    /** A zip of a script and of data that cannot be compressed, which makes it the size that is wanted. */
    private static byte[] project(byte[] ballast, int number) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(ballast.length + 4096);
        out.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"project\"; filename=\"p.zip\"\r\n"
                        + "Content-Type: application/zip\r\n\r\n")
                .getBytes(US_ASCII));
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setLevel(0);
        zip.putNextEntry(new ZipEntry("main.py"));
        zip.write(("print(" + number + ")\n").getBytes(US_ASCII));
        int share = ballast.length / DATA_FILES;
        for (int file = 0; file < DATA_FILES; file++) {
            zip.putNextEntry(new ZipEntry("data/part-" + file + ".bin"));
            zip.write(ballast, file * share, share);
        }
        zip.finish();
        out.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(US_ASCII));
        return out.toByteArray();
    }

    /** By its text: a reader of JSON would cost more than the request itself. */
    private static String id(byte[] answer) {
        Matcher found = ID.matcher(new String(answer, UTF_8));
        return found.find() ? found.group(1) : "";
    }
}
