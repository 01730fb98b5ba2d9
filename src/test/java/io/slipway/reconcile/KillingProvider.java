package io.slipway.reconcile;

import io.slipway.provision.ClusterLook;
import io.slipway.provision.ClusterProvider;
import io.slipway.provision.ClusterSearch;
import io.slipway.provision.ClusterTemplate;
import io.slipway.provision.FoundCluster;
import io.slipway.provision.OrderAnswer;
import io.slipway.provision.OrderIntent;
import io.slipway.provision.TemplateTexts;
import io.slipway.reconcile.OrderFaultsContract.Point;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A provider whose process is killed before or after one of its calls, once. */
final class KillingProvider implements ClusterProvider {

    private final ClusterProvider real;
    private Point point;
    private Runnable onLook = () -> {};

    KillingProvider(ClusterProvider real) {
        this.real = real;
    }

    /** The end of the process, as nothing in it may catch it. */
    static final class Killed extends Error {}

    void killAt(Point where) {
        this.point = where;
    }

    /** What happens elsewhere while a cluster is looked at. */
    void onLook(Runnable elsewhere) {
        onLook = elsewhere;
    }

    private <T> T at(Point before, Point after, Supplier<T> call) {
        kill(before);
        T answer = call.get();
        kill(after);
        return answer;
    }

    private void kill(Point here) {
        if (point == here) {
            point = null;
            throw new Killed();
        }
    }

    @Override
    public Map<String, ClusterTemplate> templates() {
        return real.templates();
    }

    @Override
    public TemplateTexts texts(String cluster) {
        return real.texts(cluster);
    }

    @Override
    public OrderAnswer order(OrderIntent intent) {
        return at(Point.BEFORE_ORDER, Point.AFTER_ORDER, () -> real.order(intent));
    }

    @Override
    public List<FoundCluster> find(ClusterSearch search) {
        return at(Point.BEFORE_LISTING, Point.AFTER_LISTING, () -> real.find(search));
    }

    @Override
    public ClusterLook look(String clusterId) {
        onLook.run();
        return at(Point.BEFORE_LOOK, Point.AFTER_LOOK, () -> real.look(clusterId));
    }

    @Override
    public void end(Collection<String> clusterIds) {
        at(Point.BEFORE_END, Point.AFTER_END, () -> {
            real.end(clusterIds);
            return true;
        });
    }
}
