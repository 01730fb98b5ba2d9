package io.slipway.provision;

import io.slipway.compute.ComputeUnavailable;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Where clusters are made. The leader's loop alone calls it, but for the questions about templates, which call nobody. */
public interface ClusterProvider {

    /** What can be ordered, by the configured name of the cluster. */
    Map<String, ClusterTemplate> templates();

    /** What an order of the template would send, in all forms that a person may want to compare or to take over. */
    TemplateTexts texts(String cluster);

    /** Orders one cluster: one call, one attempt. Its intent is committed before. */
    OrderAnswer order(OrderIntent intent);

    /**
     * The clusters of this installation that are looked for, in a complete listing.
     *
     * @throws ComputeUnavailable when nothing, or not everything, was listed
     */
    List<FoundCluster> find(ClusterSearch search);

    /**
     * How one cluster is.
     *
     * @throws ComputeUnavailable when nobody answered
     */
    ClusterLook look(String clusterId);

    /**
     * Ends clusters with all that runs on them; it may be repeated.
     *
     * @throws ComputeUnavailable when the wish was not delivered, as far as is known
     */
    void end(Collection<String> clusterIds);
}
