package io.slipway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A POST /jobs over a bare socket, whose body goes out as slowly as a test wants, and which notes the moment at which the answer was
 * there. It ends without an answer when the service dies.
 */
final class PacedUpload implements Runnable {

    private static final int PIECES = 20;

    private final int port;
    private final String key;
    private final FormBody form;
    private final CountDownLatch go;
    private final Duration pace;

    /** Written by the upload's own thread; read after it was joined. */
    private volatile long answeredAt;

    private volatile String location = "";

    /**
     * @param go opens when the last byte may go out
     * @param pace how long the body before it takes, from the start of this upload
     */
    PacedUpload(int port, String key, FormBody form, CountDownLatch go, Duration pace) {
        this.port = port;
        this.key = key;
        this.form = form;
        this.go = go;
        this.pace = pace;
    }

    @Override
    public void run() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            byte[] body = form.bytes();
            out.write(("POST /jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIdempotency-Key: " + key
                            + "\r\nContent-Type: " + form.contentType() + "\r\nContent-Length: " + body.length
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            sendSlowly(out, body);
            go.await();
            out.write(body, body.length - 1, 1);
            out.flush();
            readAnswer(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
        } catch (IOException killed) {
            // What a client of a killed service sees; answeredAt stays 0.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendSlowly(OutputStream out, byte[] body) throws IOException, InterruptedException {
        int whole = body.length - 1;
        for (int piece = 0; piece < PIECES; piece++) {
            int from = (int) ((long) whole * piece / PIECES);
            int to = (int) ((long) whole * (piece + 1) / PIECES);
            out.write(body, from, to - from);
            out.flush();
            if (!pace.isZero()) {
                Thread.sleep(pace.toMillis() / PIECES);
            }
        }
    }

    private void readAnswer(BufferedReader answer) throws IOException {
        String status = answer.readLine();
        long now = System.nanoTime();
        for (String line = answer.readLine(); status != null && line != null; line = answer.readLine()) {
            if (line.startsWith("Location: ")) {
                location = line.substring("Location: ".length());
            } else if (line.isEmpty()) {
                if (!status.startsWith("HTTP/1.1 202")) {
                    throw new IllegalStateException(key + " was answered " + status + " " + answer.readLine());
                }
                answeredAt = now;
                return;
            }
        }
    }

    String key() {
        return key;
    }

    FormBody form() {
        return form;
    }

    /** Whether the whole 202 was received. */
    boolean isAccepted() {
        return answeredAt != 0;
    }

    /** By {@link System#nanoTime}. */
    long answeredAt() {
        return answeredAt;
    }

    String jobId() {
        return location.substring(location.lastIndexOf('/') + 1);
    }
}
