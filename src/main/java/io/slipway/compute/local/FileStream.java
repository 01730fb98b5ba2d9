package io.slipway.compute.local;

import io.slipway.compute.LogStream;
import io.slipway.compute.RunStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A file that a run writes to directly. */
record FileStream(LogStream id, @Nullable String note, Path file) implements RunStream {

    @Override
    public OptionalLong size() throws IOException {
        try {
            return OptionalLong.of(Files.size(file));
        } catch (NoSuchFileException e) {
            return OptionalLong.of(0);
        }
    }

    @Override
    public InputStream open(long offset) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new Section(channel, offset, channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Ends where the file ended when it was opened: a project that prints faster than its reader reads would never end. */
    private static final class Section extends InputStream {

        private final FileChannel channel;
        private final long end;
        private long position;

        Section(FileChannel channel, long position, long end) {
            this.channel = channel;
            this.position = position;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int wanted = (int) Math.min(length, end - position);
            if (wanted <= 0) {
                return length == 0 ? 0 : -1;
            }
            int got = channel.read(ByteBuffer.wrap(into, from, wanted), position);
            position += Math.max(got, 0);
            return got;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
