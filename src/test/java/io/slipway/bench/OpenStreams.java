package io.slipway.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;

/** Event streams that are open, and read by one thread. */
final class OpenStreams implements Closeable {

    private final Selector selector = Selector.open();
    private final AtomicLong bytes = new AtomicLong();

    OpenStreams(URI address, int count) throws IOException {
        byte[] request = ("GET " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority()
                        + "\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(US_ASCII);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()));
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
        Thread reader = new Thread(this::read, "open-streams");
        reader.setDaemon(true);
        reader.start();
    }

    /** What came on all of them, so that nobody measures beside streams that say nothing. */
    long bytes() {
        return bytes.get();
    }

    private void read() {
        ByteBuffer thrownAway = ByteBuffer.allocate(64 * 1024);
        try {
            while (selector.isOpen()) {
                selector.select(key -> {
                    thrownAway.clear();
                    try {
                        int read = ((SocketChannel) key.channel()).read(thrownAway);
                        if (read < 0) {
                            key.cancel();
                        }
                        bytes.addAndGet(Math.max(0, read));
                    } catch (IOException closed) {
                        key.cancel();
                    }
                });
            }
        } catch (ClosedSelectorException done) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
