package io.slipway.provision;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Where no cluster is made to order. */
public final class NoTemplates implements ClusterProvider {

    @Override
    public Map<String, ClusterTemplate> templates() {
        return Map.of();
    }

    @Override
    public TemplateTexts texts(String cluster) {
        throw new AssertionError("there is no template");
    }

    @Override
    public OrderAnswer order(OrderIntent intent) {
        throw new AssertionError("there is no template");
    }

    @Override
    public List<FoundCluster> find(ClusterSearch search) {
        throw new AssertionError("there is no template");
    }

    @Override
    public ClusterLook look(String clusterId) {
        throw new AssertionError("there is no template");
    }

    @Override
    public void end(Collection<String> clusterIds) {
        throw new AssertionError("there is no template");
    }
}
