package io.slipway.sources.s3;

import io.slipway.sources.FetchedSource;
import io.slipway.sources.ProjectHost;
import io.slipway.sources.S3AllowList;
import io.slipway.sources.S3Location;
import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import io.slipway.sources.SourceOrder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Sources in S3, each fetched with the credentials of the entry that allows it. */
final class S3ProjectHost implements ProjectHost {

    private static final Logger log = LoggerFactory.getLogger(S3ProjectHost.class);

    private final S3AllowList allowed;
    private final SourceClients clients;
    private final S3FetchSettings settings;
    private final Semaphore turns;

    S3ProjectHost(S3AllowList allowed, SourceClients clients, S3FetchSettings settings) {
        this.allowed = allowed;
        this.clients = clients;
        this.settings = settings;
        this.turns = new Semaphore(settings.prefixesAtOnce(), true);
    }

    @Override
    public boolean knows(String uri) {
        return S3Location.isOne(uri);
    }

    @Override
    public List<String> prefixes(String owner) {
        return allowed.prefixes(owner);
    }

    @Override
    public FetchedSource fetch(SourceOrder order) {
        return with(order, (fetch, location) -> location.isPrefix() ? fetch.prefix(location) : fetch.object(location));
    }

    @Override
    public String version(SourceOrder order) {
        return with(order, S3Fetch::version);
    }

    private interface Work<T> {
        T of(S3Fetch fetch, S3Location location) throws IOException;
    }

    private <T> T with(SourceOrder order, Work<T> work) {
        S3Location location = S3Location.of(order.uri());
        S3AllowList.Entry entry = allowed.require(order.owner(), location);
        if (location.isPrefix()) {
            requireTurn();
        }
        try {
            return work.of(new S3Fetch(clients.of(entry), order, settings), location);
        } catch (SdkException failure) {
            throw explained(location, failure);
        } catch (IOException failure) {
            throw unavailable(location, failure);
        } finally {
            if (location.isPrefix()) {
                turns.release();
            }
        }
    }

    private void requireTurn() {
        try {
            if (turns.tryAcquire(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        throw new SourceFailure(
                Kind.UNAVAILABLE, "Other sources were fetched all the while. Nothing was accepted; send it again.");
    }

    private static SourceFailure explained(S3Location location, SdkException failure) {
        int status = failure instanceof AwsServiceException answer ? answer.statusCode() : 0;
        return switch (status) {
            case 403, 404 ->
                new SourceFailure(
                        Kind.NOT_FOUND,
                        location + " is not there, or may not be read with the credentials of its entry in"
                                + " slipway.sources.s3.allow (S3 answered " + status
                                + "). They need s3:GetObject and, for a prefix, s3:ListBucket.",
                        failure);
            case 412 ->
                new SourceFailure(
                        Kind.UNAVAILABLE,
                        location + " was changed while it was read. Send the request again.",
                        failure);
            default -> unavailable(location, failure);
        };
    }

    private static SourceFailure unavailable(S3Location location, Exception failure) {
        // What the SDK says names hosts and credentials of the service: for its operators.
        log.warn("{} could not be fetched: {}", location, failure.toString());
        return new SourceFailure(
                Kind.UNAVAILABLE,
                location
                        + " could not be fetched: S3 gave no whole answer. Nothing was accepted; send the request"
                        + " again.",
                failure);
    }
}
