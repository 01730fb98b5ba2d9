package io.slipway.artifacts.s3;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Gives up a call that has not moved for a while. A time-out of the socket holds for reading alone: a server that takes nothing of a body
 * would hold its sender until the time for a whole transfer is over, and a limit on that cuts off large uploads that are well.
 */
final class ImpatientHttpClient implements SdkHttpClient {

    private final SdkHttpClient client;
    private final Duration silence;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "s3-silence");
        thread.setDaemon(true);
        return thread;
    });

    ImpatientHttpClient(SdkHttpClient client, Duration silence) {
        this.client = client;
        this.silence = silence;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        Progress progress = Progress.ofThisCall();
        HttpExecuteRequest.Builder watched = HttpExecuteRequest.builder().request(request.httpRequest());
        request.contentStreamProvider().map(progress::watching).ifPresent(watched::contentStreamProvider);
        request.metricCollector().ifPresent(watched::metricCollector);
        return new Watched(client.prepareRequest(watched.build()), progress);
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        watch.shutdownNow();
        client.close();
    }

    private final class Watched implements ExecutableHttpRequest {

        private final ExecutableHttpRequest request;
        private final Progress progress;
        private volatile boolean givenUp;

        Watched(ExecutableHttpRequest request, Progress progress) {
            this.request = request;
            this.progress = progress;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            long often = Math.max(10, silence.toMillis() / 20);
            ScheduledFuture<?> watching = watch.scheduleWithFixedDelay(this::look, often, often, TimeUnit.MILLISECONDS);
            try {
                return request.call();
            } catch (IOException | RuntimeException failure) {
                if (givenUp) {
                    SocketTimeoutException silent =
                            new SocketTimeoutException("S3 did not go on for " + silence.toSeconds() + " s");
                    silent.initCause(failure);
                    throw silent;
                }
                throw failure;
            } finally {
                watching.cancel(false);
            }
        }

        private void look() {
            if (!givenUp && progress.silence().compareTo(silence) > 0) {
                givenUp = true;
                request.abort();
            }
        }

        @Override
        public void abort() {
            request.abort();
        }
    }
}
