package io.slipway.compute.emr.events;

import io.slipway.compute.ClusterEventSource;
import io.slipway.compute.emr.client.EmrErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * EventBridge's events of EMR steps and clusters from an SQS queue. What cannot be read, or is about nobody we know, is taken out of the queue
 * and forgotten; what is about our runs stays in it until they were looked at. What could not be handled comes again by itself, when
 * the queue's visibility time-out is over.
 */
public final class StepEvents implements ClusterEventSource, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StepEvents.class);

    /** SQS's own limits. */
    private static final int MESSAGES_A_CALL = 10;

    private static final int LONGEST_WAIT_SECONDS = 20;

    /** More than this wait in the queue rather than here. */
    private static final int MOST_IN_HAND = 1_000;

    private final SqsClient sqs;
    private final String queueUrl;
    private final EventReader reader;
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inHand = new AtomicInteger();

    public StepEvents(SqsClient sqs, String queueUrl, EventReader reader) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
        this.reader = reader;
    }

    @Override
    public void poll(Function<ClusterEvent, CompletableFuture<Void>> handler) throws InterruptedException {
        try {
            delete();
            if (inHand.get() >= MOST_IN_HAND) {
                TimeUnit.SECONDS.sleep(1);
                return;
            }
            receive().forEach(message -> deliver(message, handler));
            delete();
        } catch (SdkException e) {
            if (Thread.interrupted()) {
                // The client was closed under a long poll, because the service stops.
                throw new InterruptedException();
            }
            log.warn("The queue of events does not answer; polling goes on without it: {}", EmrErrors.words(e));
            TimeUnit.SECONDS.sleep(LONGEST_WAIT_SECONDS / 4);
        }
    }

    private List<Message> receive() {
        // What is in hand is soon to be deleted: no long wait before that.
        int wait = inHand.get() == 0 ? LONGEST_WAIT_SECONDS : 1;
        return sqs.receiveMessage(request -> request.queueUrl(queueUrl)
                        .maxNumberOfMessages(MESSAGES_A_CALL)
                        .waitTimeSeconds(wait))
                .messages();
    }

    private void deliver(Message message, Function<ClusterEvent, CompletableFuture<Void>> handler) {
        CompletableFuture<?>[] looks =
                reader.clusterEvents(message.body()).stream().map(handler).toArray(CompletableFuture[]::new);
        inHand.incrementAndGet();
        CompletableFuture.allOf(looks).whenComplete((done, failure) -> {
            if (failure == null) {
                handled.add(message.receiptHandle());
            } else {
                log.debug("Message {} is handled again later: {}", message.messageId(), failure.getMessage());
            }
            inHand.decrementAndGet();
        });
    }

    private void delete() {
        while (!handled.isEmpty()) {
            List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
            while (entries.size() < MESSAGES_A_CALL && !handled.isEmpty()) {
                entries.add(DeleteMessageBatchRequestEntry.builder()
                        .id(String.valueOf(entries.size()))
                        .receiptHandle(handled.remove())
                        .build());
            }
            // A message that is not deleted comes again, and tells nothing new then.
            sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries));
        }
    }

    @Override
    public void close() {
        sqs.close();
    }
}
