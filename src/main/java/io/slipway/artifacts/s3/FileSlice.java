package io.slipway.artifacts.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import software.amazon.awssdk.http.ContentStreamProvider;

/** A part of a file that can be read again and again: once for each attempt to send it. */
record FileSlice(Path file, long offset, long length) implements ContentStreamProvider {

    @Override
    public InputStream newStream() {
        try {
            return new SliceStream(FileChannel.open(file, StandardOpenOption.READ), offset, offset + length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class SliceStream extends InputStream {

        private final FileChannel channel;
        private final long end;
        private long position;

        SliceStream(FileChannel channel, long start, long end) {
            this.channel = channel;
            this.position = start;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int most) throws IOException {
            int wanted = (int) Math.min(most, end - position);
            if (wanted <= 0) {
                return most == 0 ? 0 : -1;
            }
            int count = channel.read(ByteBuffer.wrap(target, from, wanted), position);
            if (count > 0) {
                position += count;
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
