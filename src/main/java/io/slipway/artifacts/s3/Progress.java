package io.slipway.artifacts.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.http.ContentStreamProvider;

/** When a call last moved: it began, or a piece of its body was taken. All attempts of a call share it, on the thread that makes it. */
final class Progress {

    private static final ThreadLocal<Progress> OF_THIS_CALL = ThreadLocal.withInitial(Progress::new);

    private volatile long last = System.nanoTime();

    static Progress ofThisCall() {
        return OF_THIS_CALL.get();
    }

    static Progress begin() {
        Progress begun = new Progress();
        OF_THIS_CALL.set(begun);
        return begun;
    }

    static void end() {
        OF_THIS_CALL.remove();
    }

    private void moved() {
        last = System.nanoTime();
    }

    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - last);
    }

    ContentStreamProvider watching(ContentStreamProvider body) {
        return () -> new FilterInputStream(body.newStream()) {
            @Override
            public int read() throws IOException {
                moved();
                return in.read();
            }

            @Override
            public int read(byte[] target, int from, int most) throws IOException {
                moved();
                return in.read(target, from, most);
            }
        };
    }
}
