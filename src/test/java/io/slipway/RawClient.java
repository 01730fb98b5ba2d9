package io.slipway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One connection that sends what no library for HTTP would, and reads what comes back. */
public final class RawClient implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Socket socket = new Socket();

    public RawClient(int port) throws IOException {
        this(port, 0);
    }

    /** @param receiveBuffer bytes that the machine takes for a client who reads nothing; 0 for the usual */
    public RawClient(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** An answer; {@code status} 0 when the connection ended without one. */
    public record Answer(int status, Map<String, String> headers, byte[] body) {

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The end of the problem's type; empty for an answer that is no problem. */
        public String problem() {
            if (!headers.getOrDefault("content-type", "").startsWith("application/problem+json")) {
                return "";
            }
            JsonNode problem = JSON.readTree(body);
            return problem.path("type").asString().replace("urn:slipway:problem:", "");
        }
    }

    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    public static Answer ask(int port, String text) throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.send(text).answer();
        }
    }

    public Answer answer() throws IOException {
        return answer("GET");
    }

    /** The next answer. Of a stream, which does not end, only the head. */
    public Answer answer(String method) throws IOException {
        InputStream in = socket.getInputStream();
        String line = line(in);
        if (line.length() < 12) {
            return new Answer(0, Map.of(), new byte[0]);
        }
        if (!line.startsWith("HTTP/")) {
            // A request without a version is one of HTTP/0.9, whose answer is the body alone.
            byte[] body =
                    (line + new String(in.readAllBytes(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            return new Answer(400, Map.of("content-type", "application/problem+json"), body);
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.merge(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip(),
                    (one, other) -> one + ", " + other);
        }
        if (status == 100) {
            return answer(method);
        }
        boolean goesOn = headers.getOrDefault("content-type", "").startsWith("text/event-stream");
        return new Answer(status, headers, goesOn || method.equals("HEAD") ? new byte[0] : body(in, status, headers));
    }

    private static byte[] body(InputStream in, int status, Map<String, String> headers) throws IOException {
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        if (headers.containsKey("content-length")) {
            return in.readNBytes(Integer.parseInt(headers.get("content-length")));
        }
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            all.write(in.readNBytes(size));
            line(in);
        }
        line(in);
        return all.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int each = in.read(); each >= 0 && each != '\n'; each = in.read()) {
            if (each != '\r') {
                line.append((char) each);
            }
        }
        return line.toString();
    }

    /** The first line of the next answer, of which nothing more is read. */
    public String begins() throws IOException {
        return line(socket.getInputStream());
    }

    /** Whether the other side has ended the connection. */
    public boolean isEnded() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
