package io.slipway.provision.emr;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.emr.client.CallBudget.Work;
import io.slipway.compute.emr.client.Departure;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.client.EmrApi;
import io.slipway.compute.emr.client.EmrConnection;
import io.slipway.compute.emr.client.EmrErrors;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.provision.ClusterLook;
import io.slipway.provision.ClusterLook.Phase;
import io.slipway.provision.ClusterProvider;
import io.slipway.provision.ClusterSearch;
import io.slipway.provision.ClusterTemplate;
import io.slipway.provision.FoundCluster;
import io.slipway.provision.OrderAnswer;
import io.slipway.provision.OrderIntent;
import io.slipway.provision.TemplateTexts;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterState;
import software.amazon.awssdk.services.emr.model.ClusterStatus;
import software.amazon.awssdk.services.emr.model.ClusterSummary;
import software.amazon.awssdk.services.emr.model.ClusterTimeline;
import software.amazon.awssdk.services.emr.model.ListClustersRequest;
import software.amazon.awssdk.services.emr.model.ListClustersResponse;
import software.amazon.awssdk.services.emr.model.RunJobFlowRequest;

/** Makes EMR clusters by RunJobFlow. EMR has no token against making one twice: the call is made once, and looked up by the cluster's name. */
final class EmrClusterProvider implements ClusterProvider {

    private static final Logger log = LoggerFactory.getLogger(EmrClusterProvider.class);

    /** As many as TerminateJobFlows takes in one call. */
    private static final int ENDS_A_CALL = 10;

    /** So long after the end of a cluster the log of its bootstrap action is waited for: EMR ships logs every five minutes. */
    private static final Duration LOG_AWAITED = Duration.ofMinutes(6);

    private final Map<String, EmrTemplate> templates;
    private final Map<String, ClusterTemplate> orderable = new LinkedHashMap<>();
    private final EmrConnection connection;
    private final EmrSettings settings;
    private final ArtifactStore store;
    private final Supplier<String> installation;
    private final Clock clock;
    private final BootstrapScript bootstrap = BootstrapScript.load();

    EmrClusterProvider(
            EmrTemplates templates,
            EmrConnection connection,
            EmrSettings settings,
            ArtifactStore store,
            Supplier<String> installation,
            Clock clock) {
        this.templates = templates.byCluster();
        this.connection = connection;
        this.settings = settings;
        this.store = store;
        this.installation = installation;
        this.clock = clock;
        this.templates.forEach((name, template) -> {
            orderable.put(name, orderable(template, templates.lookAhead().getOrDefault(name, 2)));
            warnings(template).forEach(warning -> log.warn("slipway.clusters.{}.emr.template: {}", name, warning));
        });
    }

    private ClusterTemplate orderable(EmrTemplate template, int lookAhead) {
        EmrTemplate.Lifetime lifetime = template.lifetime();
        return new ClusterTemplate(
                template.cluster(),
                TemplateHash.of(body(template)),
                new ClusterTemplate.Size(
                        lifetime.most(),
                        lifetime.stepConcurrency(),
                        template.slots(lookAhead),
                        template.subnetsToTry(),
                        lifetime.per() == EmrTemplate.Sharing.JOB),
                new ClusterTemplate.Times(lifetime.idleTimeout(), lifetime.longestLife(), lifetime.bootLimit()),
                new ClusterTemplate.Windows(settings.settle(), settings.lookBack(), settings.clusterAge()));
    }

    private RunJobFlowBody body(EmrTemplate template) {
        return new RunJobFlowBody(template, store.uri(bootstrap.name()));
    }

    private List<String> warnings(EmrTemplate template) {
        return TemplateCheck.warnings(template, body(template).classifications().translated());
    }

    @Override
    public Map<String, ClusterTemplate> templates() {
        return Collections.unmodifiableMap(orderable);
    }

    @Override
    public TemplateTexts texts(String cluster) {
        EmrTemplate template = Objects.requireNonNull(templates.get(cluster));
        ClusterName name = new ClusterName(installation.get(), cluster, "0".repeat(26));
        var body = WireJson.of(body(template).of(name, hash(cluster), 0));
        return new TemplateTexts(
                WireJson.text(body),
                CreateClusterCommand.of(body),
                WireJson.text(CloudFormation.of(body)),
                warnings(template));
    }

    private String hash(String cluster) {
        return Objects.requireNonNull(orderable.get(cluster)).hash();
    }

    @Override
    public OrderAnswer order(OrderIntent intent) {
        EmrTemplate template = templates.get(intent.cluster());
        if (template == null) {
            return new OrderAnswer.NotNow("There is no such template any more.");
        }
        Departure departure = new Departure(intent.at());
        try {
            store.put(bootstrap.name(), bootstrap.content());
            ClusterName name = new ClusterName(installation.get(), intent.cluster(), intent.key());
            RunJobFlowRequest request = body(template).of(name, hash(intent.cluster()), intent.subnet()).toBuilder()
                    .overrideConfiguration(config -> config.putExecutionAttribute(Departure.ATTRIBUTE, departure))
                    .build();
            return new OrderAnswer.Taken(connection
                    .account()
                    .attempt(EmrApi.RUN_JOB_FLOW, Work.SUBMIT, intent.cluster(), emr -> emr.runJobFlow(request))
                    .jobFlowId());
        } catch (IOException e) {
            return new OrderAnswer.NotNow("The bootstrap action could not be stored: " + e.getMessage());
        } catch (ComputeUnavailable.Spent later) {
            return new OrderAnswer.NotNow("It waits: " + later.getMessage() + ".");
        } catch (RuntimeException failure) {
            return failed(failure, departure);
        }
    }

    /** Definite is only what was not sent, and what EMR refused for what is in it. A throttled call may have made its cluster. */
    private static OrderAnswer failed(RuntimeException failure, Departure departure) {
        String words = EmrErrors.words(failure);
        if (!departure.mayHaveLeft() || EmrErrors.isNotConnected(failure)) {
            return new OrderAnswer.NotNow("The call to EMR was not sent: " + words);
        }
        return EmrErrors.isRefusal(failure) || EmrErrors.isDenied(failure)
                ? new OrderAnswer.Refused("EMR refused the order: " + words)
                : new OrderAnswer.Unknown("EMR did not say whether it takes the order: " + words);
    }

    @Override
    public List<FoundCluster> find(ClusterSearch search) {
        List<FoundCluster> found = new ArrayList<>();
        String marker = null;
        do {
            String from = marker;
            ListClustersResponse page = ask(
                    EmrApi.LIST_CLUSTERS,
                    "orders",
                    () -> connection
                            .account()
                            .ask(
                                    EmrApi.LIST_CLUSTERS,
                                    Work.SUBMIT,
                                    "orders",
                                    emr -> emr.listClusters(listing(search, from))));
            page.clusters().stream()
                    .flatMap(each -> ours(each).stream())
                    .filter(each -> search.endedToo() || !each.ended())
                    .forEach(found::add);
            marker = page.marker();
        } while (marker != null);
        return found;
    }

    private static ListClustersRequest listing(ClusterSearch search, @Nullable String marker) {
        ListClustersRequest.Builder request =
                ListClustersRequest.builder().createdAfter(search.since()).marker(marker);
        return search.endedToo()
                ? request.build()
                : request.clusterStates(
                                ClusterState.STARTING,
                                ClusterState.BOOTSTRAPPING,
                                ClusterState.RUNNING,
                                ClusterState.WAITING)
                        .build();
    }

    private Optional<FoundCluster> ours(ClusterSummary cluster) {
        return ClusterName.of(Objects.requireNonNullElse(cluster.name(), ""))
                .filter(name -> name.installation().equals(installation.get()))
                .map(name -> new FoundCluster(
                        cluster.id(),
                        name.cluster(),
                        name.orderKey(),
                        Objects.requireNonNullElse(cluster.status().timeline().creationDateTime(), Instant.EPOCH),
                        isClosed(cluster.status().state())));
    }

    private static boolean isClosed(@Nullable ClusterState state) {
        return state == ClusterState.TERMINATING
                || state == ClusterState.TERMINATED
                || state == ClusterState.TERMINATED_WITH_ERRORS;
    }

    @Override
    public ClusterLook look(String clusterId) {
        try {
            Cluster cluster = connection.account().describe(clusterId, Work.LIVE, clusterId);
            String words = BootFailure.words(cluster);
            return phase(cluster.status()) == Phase.FAILED
                    ? failed(cluster, words)
                    : new ClusterLook(phase(cluster.status()), words, cluster.normalizedInstanceHours());
        } catch (EmrAccount.Refused unknown) {
            return new ClusterLook(Phase.UNKNOWN, unknown.getMessage(), null);
        }
    }

    /** It counts as ending until what its bootstrap action printed has come: the reason is read by people, and written once. */
    private ClusterLook failed(Cluster cluster, @Nullable String words) {
        Optional<BootstrapLog> bootstrap = BootstrapLog.of(cluster.id(), cluster.logUri(), words);
        Optional<String> end =
                bootstrap.flatMap(printed -> printed.end(connection.clients().logs()));
        ClusterTimeline timeline = cluster.status().timeline();
        Instant endedAt = timeline == null ? null : timeline.endDateTime();
        boolean awaited = bootstrap.isPresent()
                && end.isEmpty()
                && endedAt != null
                && clock.instant().isBefore(endedAt.plus(LOG_AWAITED));
        return new ClusterLook(
                awaited ? Phase.ENDING : Phase.FAILED,
                end.map(lines -> words + " It printed last:\n" + lines).orElse(words),
                cluster.normalizedInstanceHours());
    }

    private static Phase phase(ClusterStatus status) {
        if (status.state() == null) {
            return Phase.COMING;
        }
        return switch (status.state()) {
            case STARTING, BOOTSTRAPPING, UNKNOWN_TO_SDK_VERSION -> Phase.COMING;
            case RUNNING, WAITING -> Phase.READY;
            case TERMINATING -> Phase.ENDING;
            case TERMINATED -> Phase.ENDED;
            case TERMINATED_WITH_ERRORS -> Phase.FAILED;
        };
    }

    @Override
    public void end(Collection<String> clusterIds) {
        List<String> ids = List.copyOf(clusterIds);
        for (int from = 0; from < ids.size(); from += ENDS_A_CALL) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + ENDS_A_CALL));
            ask(
                    EmrApi.TERMINATE_JOB_FLOWS,
                    "orders",
                    () -> connection
                            .account()
                            .ask(
                                    EmrApi.TERMINATE_JOB_FLOWS,
                                    Work.CANCEL,
                                    "orders",
                                    emr -> emr.terminateJobFlows(request -> request.jobFlowIds(some))));
        }
    }

    private static <T> T ask(EmrApi api, String subject, Supplier<T> call) {
        try {
            return call.get();
        } catch (EmrAccount.Refused refused) {
            throw new ComputeUnavailable(
                    "EMR refused " + api + " of " + subject + ": " + refused.getMessage(), refused);
        }
    }
}
