package io.slipway.compute.emr;

import io.slipway.compute.HintSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * EventBridge's events of EMR steps and clusters from an SQS queue. What cannot be read, or is about nobody we know, is taken out of the queue
 * and forgotten; what is about our runs stays in it until they were looked at.
 */
final class StepEvents implements HintSource {

    private static final Logger log = LoggerFactory.getLogger(StepEvents.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** SQS's own limits. */
    private static final int MESSAGES_A_CALL = 10;

    private static final int LONGEST_WAIT_SECONDS = 20;

    private final SqsClient sqs;
    private final String queueUrl;
    private final Function<String, List<String>> clusterNames;

    /** @param clusterNames the configured names of a cluster id */
    StepEvents(SqsClient sqs, String queueUrl, Function<String, List<String>> clusterNames) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
        this.clusterNames = clusterNames;
    }

    @Override
    public void poll(Consumer<List<Hint>> handler) throws InterruptedException {
        try {
            List<Message> messages = sqs.receiveMessage(request -> request.queueUrl(queueUrl)
                            .maxNumberOfMessages(MESSAGES_A_CALL)
                            .waitTimeSeconds(LONGEST_WAIT_SECONDS))
                    .messages();
            if (messages.isEmpty()) {
                return;
            }
            List<Hint> hints = messages.stream()
                    .flatMap(message -> hints(message.body()).stream())
                    .distinct()
                    .toList();
            if (!hints.isEmpty()) {
                handler.accept(hints);
            }
            delete(messages);
        } catch (SdkException e) {
            log.warn("The queue of events does not answer; polling goes on without it: {}", EmrErrors.words(e));
            TimeUnit.SECONDS.sleep(LONGEST_WAIT_SECONDS / 4);
        }
    }

    private void delete(List<Message> messages) {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
        for (Message message : messages) {
            entries.add(DeleteMessageBatchRequestEntry.builder()
                    .id(String.valueOf(entries.size()))
                    .receiptHandle(message.receiptHandle())
                    .build());
        }
        sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries));
    }

    /** None for what is no event of a cluster, or a step, of ours. */
    List<Hint> hints(String body) {
        try {
            JsonNode detail = JSON.readTree(body).path("detail");
            String stepId = detail.path("stepId").asString("");
            List<String> clusters = clusterNames.apply(detail.path("clusterId").asString(""));
            if (stepId.isEmpty()) {
                return clusters.stream().map(name -> new Hint(name, null, null)).toList();
            }
            return StepName.key(detail.path("name").asString("")).stream()
                    .flatMap(key -> clusters.stream().map(name -> new Hint(name, key, stepId)))
                    .toList();
        } catch (JacksonException malformed) {
            log.debug("A message that is no event: {}", malformed.getMessage());
            return List.of();
        }
    }
}
