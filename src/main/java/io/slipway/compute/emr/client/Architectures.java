package io.slipway.compute.emr.client;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.emr.client.CallBudget.Work;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.InstanceCollectionType;
import software.amazon.awssdk.services.emr.model.InstanceFleetType;
import software.amazon.awssdk.services.emr.model.InstanceGroupType;
import software.amazon.awssdk.services.emr.model.InstanceTypeSpecification;

/** For which processors the primary nodes of clusters are made. A cluster never changes that, so EMR is asked once for each. */
public final class Architectures {

    private static final Logger log = LoggerFactory.getLogger(Architectures.class);

    private final Map<String, InstanceCollectionType> collections = new ConcurrentHashMap<>();
    /** Empty for those that EMR does not name. */
    private final Map<String, Optional<String>> byCluster = new ConcurrentHashMap<>();

    void record(Cluster cluster) {
        // Very old clusters do not say it; they have groups.
        collections.put(
                cluster.id(),
                Objects.requireNonNullElse(cluster.instanceCollectionType(), InstanceCollectionType.INSTANCE_GROUP));
    }

    /**
     * As far as it was asked for already, as Linux names it.
     *
     * @param clusterId {@code null} where none was chosen yet
     */
    public Optional<String> of(@Nullable String clusterId) {
        return clusterId == null ? Optional.empty() : byCluster.getOrDefault(clusterId, Optional.empty());
    }

    /** Empty where EMR does not tell, or the service's role may not ask: whoever needs it goes on without. */
    Optional<String> ask(EmrAccount account, String clusterId, Work work) {
        Optional<String> known = byCluster.get(clusterId);
        if (known != null) {
            return known;
        }
        if (!collections.containsKey(clusterId)) {
            account.describe(clusterId, work, clusterId);
        }
        Optional<String> learned = common(primaryTypes(account, clusterId, work));
        byCluster.put(clusterId, learned);
        return learned;
    }

    private List<String> primaryTypes(EmrAccount account, String clusterId, Work work) {
        try {
            return collections.get(clusterId) == InstanceCollectionType.INSTANCE_FLEET
                    ? ofFleets(account, clusterId, work)
                    : ofGroups(account, clusterId, work);
        } catch (EmrAccount.Refused refused) {
            log.warn("The architecture of {} is not known: {}", clusterId, refused.getMessage());
            return List.of();
        } catch (ComputeUnavailable failure) {
            Throwable cause = failure.getCause();
            if (cause == null || !EmrErrors.isDenied(cause)) {
                throw failure;
            }
            log.warn(
                    "The architecture of {} is not known, so environments are told apart without it: {}",
                    clusterId,
                    failure.getMessage());
            return List.of();
        }
    }

    private static List<String> ofGroups(EmrAccount account, String clusterId, Work work) {
        return account
                .ask(
                        EmrApi.LIST_INSTANCE_GROUPS,
                        work,
                        clusterId,
                        emr -> emr.listInstanceGroups(request -> request.clusterId(clusterId)))
                .instanceGroups()
                .stream()
                .filter(group -> group.instanceGroupType() == InstanceGroupType.MASTER)
                .map(group -> String.valueOf(group.instanceType()))
                .toList();
    }

    private static List<String> ofFleets(EmrAccount account, String clusterId, Work work) {
        return account
                .ask(
                        EmrApi.LIST_INSTANCE_FLEETS,
                        work,
                        clusterId,
                        emr -> emr.listInstanceFleets(request -> request.clusterId(clusterId)))
                .instanceFleets()
                .stream()
                .filter(fleet -> fleet.instanceFleetType() == InstanceFleetType.MASTER)
                .flatMap(fleet -> fleet.instanceTypeSpecifications().stream())
                .map(InstanceTypeSpecification::instanceType)
                .map(String::valueOf)
                .toList();
    }

    /** The architecture of all the types; empty where they differ, or one is not known. */
    static Optional<String> common(List<String> types) {
        Set<Optional<String>> architectures =
                types.stream().map(InstanceTypes::architecture).collect(Collectors.toSet());
        return architectures.size() == 1 ? architectures.iterator().next() : Optional.empty();
    }
}
