package io.slipway.compute.emr.links;

import io.slipway.compute.emr.client.CallBudget.Work;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.client.EmrApi;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emr.model.GetOnClusterAppUiPresignedUrlResponse;
import software.amazon.awssdk.services.emr.model.GetPersistentAppUiPresignedUrlResponse;
import software.amazon.awssdk.services.emr.model.OnClusterAppUIType;
import software.amazon.awssdk.services.emr.model.PersistentAppUIType;
import software.amazon.awssdk.services.emr.model.ProfilerType;

/**
 * The calls that lead to Spark's own pages. While a run goes on, these are on its cluster; afterwards EMR keeps a history server apart from
 * the cluster, for 30 days, which has to be made first and takes a while.
 */
public final class AppUiCalls {

    private final EmrAccount account;

    /** The history server of each cluster that somebody asked for, by the cluster's id. */
    private final Map<String, String> historyServers = new ConcurrentHashMap<>();

    public AppUiCalls(EmrAccount account) {
        this.account = account;
    }

    /**
     * What to look at.
     *
     * @param applicationId {@code null} while it is not known: then all applications of the cluster are listed
     * @param role the runtime role under which it ran, which bounds what the link shows; {@code null} for none
     */
    public record Wish(
            String clusterId,
            @Nullable String applicationId,
            @Nullable String role,
            boolean isRunning) {}

    /** @param uri {@code null} while EMR is still at it, as {@code status} says in its words */
    record Answer(@Nullable URI uri, @Nullable String status) {}

    /** @throws EmrAccount.Refused when there can be none, with EMR's reason */
    Answer ask(Wish wish) {
        return wish.isRunning() ? onCluster(wish) : persistent(wish);
    }

    private Answer onCluster(Wish wish) {
        boolean known = wish.applicationId() != null;
        GetOnClusterAppUiPresignedUrlResponse answer = account.ask(
                EmrApi.GET_ON_CLUSTER_APP_UI_PRESIGNED_URL,
                Work.LINK,
                wish.clusterId(),
                emr -> emr.getOnClusterAppUIPresignedURL(request -> request.clusterId(wish.clusterId())
                        .onClusterAppUIType(
                                known ? OnClusterAppUIType.APPLICATION_MASTER : OnClusterAppUIType.SPARK_HISTORY_SERVER)
                        .applicationId(wish.applicationId())
                        .executionRoleArn(wish.role())));
        return answer(answer.presignedURLReady(), answer.presignedURL(), Optional.empty());
    }

    private Answer persistent(Wish wish) {
        String id = historyServers.get(wish.clusterId());
        if (id == null) {
            id = create(wish.clusterId());
            historyServers.put(wish.clusterId(), id);
        }
        try {
            return presigned(wish, id);
        } catch (EmrAccount.Refused e) {
            // It may be gone: EMR keeps only so many, and none for ever. The next wish makes another.
            historyServers.remove(wish.clusterId());
            throw e;
        }
    }

    private String create(String clusterId) {
        String arn = account.describe(clusterId, Work.LINK, clusterId).clusterArn();
        return account.ask(
                        EmrApi.CREATE_PERSISTENT_APP_UI,
                        Work.LINK,
                        clusterId,
                        emr -> emr.createPersistentAppUI(
                                request -> request.targetResourceArn(arn).profilerType(ProfilerType.SHS)))
                .persistentAppUIId();
    }

    private Answer presigned(Wish wish, String id) {
        GetPersistentAppUiPresignedUrlResponse answer = account.ask(
                EmrApi.GET_PERSISTENT_APP_UI_PRESIGNED_URL,
                Work.LINK,
                wish.clusterId(),
                emr -> emr.getPersistentAppUIPresignedURL(request -> request.persistentAppUIId(id)
                        .persistentAppUIType(PersistentAppUIType.SHS)
                        .applicationId(wish.applicationId())
                        .executionRoleArn(wish.role())));
        boolean ready = Boolean.TRUE.equals(answer.presignedURLReady());
        return answer(answer.presignedURLReady(), answer.presignedURL(), ready ? Optional.empty() : status(wish, id));
    }

    private Optional<String> status(Wish wish, String id) {
        return Optional.ofNullable(account.ask(
                                EmrApi.DESCRIBE_PERSISTENT_APP_UI,
                                Work.LINK,
                                wish.clusterId(),
                                emr -> emr.describePersistentAppUI(request -> request.persistentAppUIId(id)))
                        .persistentAppUI())
                .map(ui -> ui.lastStateChangeReason() == null
                        ? ui.persistentAppUIStatus()
                        : ui.persistentAppUIStatus() + ", " + ui.lastStateChangeReason());
    }

    private static Answer answer(@Nullable Boolean ready, @Nullable String url, Optional<String> status) {
        return Boolean.TRUE.equals(ready) && url != null
                ? new Answer(URI.create(url), null)
                : new Answer(null, status.orElse(null));
    }
}
