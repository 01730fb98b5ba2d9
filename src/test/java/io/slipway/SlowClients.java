package io.slipway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Many connections that take their time, by one thread. Whose connection the service ends comes again. */
final class SlowClients implements AutoCloseable {

    private static final long PACE_MILLIS = 500;

    /** Slow they are, not many: without a pause this would be a test of the processor. */
    private static final int PAUSE_TURNS = 10;

    private final InetSocketAddress service;
    private final List<Client> clients = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "slow clients");
    private volatile boolean ended;
    private volatile int comings;

    SlowClients(int port) {
        service = new InetSocketAddress("127.0.0.1", port);
    }

    /**
     * Adds some that send this, and then one letter again and again.
     *
     * @param reads whether they take what they are sent; who does not has a small buffer, too
     */
    SlowClients with(int count, String beginning, boolean reads) {
        for (int client = 0; client < count; client++) {
            clients.add(new Client(beginning.getBytes(StandardCharsets.ISO_8859_1), reads));
        }
        return this;
    }

    SlowClients start() {
        thread.start();
        return this;
    }

    /** Connections that were opened so far. */
    int comings() {
        return comings;
    }

    private void run() {
        while (!ended) {
            clients.forEach(Client::goOn);
            try {
                TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        thread.interrupt();
        thread.join();
        clients.forEach(Client::leave);
    }

    private final class Client {
        private final byte[] beginning;
        private final boolean reads;
        private SocketChannel channel;
        private int pause;

        Client(byte[] beginning, boolean reads) {
            this.beginning = beginning;
            this.reads = reads;
        }

        void goOn() {
            try {
                if (channel == null) {
                    if (pause-- <= 0) {
                        come();
                    }
                    return;
                }
                channel.write(ByteBuffer.wrap(new byte[] {'x'}));
                if (reads && channel.read(ByteBuffer.allocate(8192)) < 0) {
                    leave();
                }
            } catch (IOException ended) {
                leave();
            }
        }

        private void come() throws IOException {
            channel = SocketChannel.open();
            if (!reads) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            }
            channel.connect(service);
            channel.configureBlocking(false);
            channel.write(ByteBuffer.wrap(beginning));
            comings++;
        }

        void leave() {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException gone) {
                // It is.
            }
            channel = null;
            pause = PAUSE_TURNS;
        }
    }
}
