package io.slipway.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;

/** One connection of HTTP/1.1 that is kept: a client that costs next to nothing beside what it measures. */
final class KeptConnection implements Closeable {

    private final URI server;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    KeptConnection(URI server) throws IOException {
        this.server = server;
        open();
    }

    private void open() throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        out = socket.getOutputStream();
    }

    /**
     * @param head the request's first line and its headers without Host and Content-Length, each with its line end
     * @return what was answered with a status below 400
     */
    byte[] send(String head, byte[] body) throws IOException {
        byte[] lines = (head + "Host: " + server.getAuthority() + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(US_ASCII);
        byte[] request = new byte[lines.length + body.length];
        System.arraycopy(lines, 0, request, 0, lines.length);
        System.arraycopy(body, 0, request, lines.length, body.length);
        out.write(request);
        return answer();
    }

    private byte[] answer() throws IOException {
        String status = line();
        long length = -1;
        boolean isChunked = false;
        boolean isLast = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String plain = header.toLowerCase(Locale.ROOT);
            if (plain.startsWith("content-length:")) {
                length = Long.parseLong(plain.substring(15).trim());
            }
            isChunked |= plain.startsWith("transfer-encoding:") && plain.contains("chunked");
            isLast |= plain.startsWith("connection:") && plain.contains("close");
        }
        byte[] body = isChunked ? chunks() : in.readNBytes((int) Math.max(0, length));
        if (isLast) {
            close();
            open();
        }
        if (Integer.parseInt(status.split(" ", 3)[1]) >= 400) {
            throw new IOException(status + " " + new String(body, ISO_8859_1));
        }
        return body;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            all.write(in.readNBytes(size));
            line();
        }
        line();
        return all.toByteArray();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";", 2)[0].trim(), 16);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
