package io.slipway.provision.emr;

import io.slipway.compute.emr.OrderedEmr;
import io.slipway.provision.ClusterProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Templates as settings say them, and who makes clusters of them. */
public final class EmrOrders {

    public static final String INSTALLATION = "0a1b2c3d";

    private EmrOrders() {}

    /** A template that lacks nothing, with what is set besides, of the cluster {@code spark}. */
    static EmrTemplates templates(Map<String, String> also) {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "release", "emr-7.14.0",
                "instances.primary", "m7g.xlarge",
                "instances.core.type", "m7g.xlarge",
                "instances.core.count", "2",
                "log-uri", "s3://my-logs/emr/"));
        all.putAll(also);
        all.values().removeIf(String::isEmpty);
        return EmrTemplates.of(binder("spark", all));
    }

    static Binder binder(String cluster, Map<String, String> template) {
        return new Binder(new MapConfigurationPropertySource(template.entrySet().stream()
                .collect(Collectors.toMap(
                        each -> "slipway.clusters." + cluster + ".emr.template." + each.getKey(),
                        Map.Entry::getValue))));
    }

    public static ClusterProvider provider(OrderedEmr account, Map<String, String> also) {
        return new EmrClusterProvider(
                templates(also),
                account.connection,
                account.settings,
                account.store,
                () -> INSTALLATION,
                account.clock);
    }
}
