package io.slipway;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One stream of events as a client has it open, and how late each event came. */
public final class EventReader implements Flow.Subscriber<String>, AutoCloseable {

    private static final Pattern EVENT =
            Pattern.compile("data: \\{\"position\":(\\d+),\"job\":\\{\"id\":\"(\\w+)\".*?\"at\":\"([^\"]+)\"");

    /** What came. @param late between the change, by the service's clock, and its arrival here */
    public record Arrival(long position, String job, Duration late) {}

    private final List<Arrival> arrivals = Collections.synchronizedList(new ArrayList<>());
    private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
    private volatile boolean ended;

    public static EventReader open(HttpClient http, String url, String... headers) {
        EventReader reader = new EventReader();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).header("Accept", "text/event-stream");
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                BodyHandlers.fromLineSubscriber(reader));
        answer.whenComplete((done, failure) -> reader.ended = true);
        return reader;
    }

    public List<Arrival> arrivals() {
        return arrivals;
    }

    /** Whether the service has answered, and the stream is not over. */
    public boolean isOpen() {
        return hasBegun() && !ended;
    }

    /** Whether the service has answered. */
    public boolean hasBegun() {
        return subscription.get() != null;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription.set(begun);
        begun.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        Matcher event = EVENT.matcher(line);
        if (event.lookingAt()) {
            Duration late = Duration.between(Instant.parse(event.group(3)), Instant.now());
            arrivals.add(new Arrival(Long.parseLong(event.group(1)), event.group(2), late));
        }
    }

    @Override
    public void onError(Throwable failure) {
        ended = true;
    }

    @Override
    public void onComplete() {
        ended = true;
    }

    @Override
    public void close() {
        subscription.get().cancel();
    }
}
