package io.slipway.livy;

import io.slipway.compute.Clusters;
import io.slipway.jobs.Job;
import io.slipway.jobs.Run;
import io.slipway.livy.BatchView.AppInfo;
import io.slipway.livy.Batches.Batch;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder;

/** Where a batch is, and where people see its output: pages of ours, at the host that the client called. */
@Component
@ConditionalOnBooleanProperty("slipway.livy.enabled")
class BatchLinks {

    private final Clusters clusters;
    private volatile int port;

    BatchLinks(Clusters clusters) {
        this.clusters = clusters;
    }

    @EventListener
    void started(WebServerInitializedEvent server) {
        if (server.getApplicationContext().getServerNamespace() == null) {
            port = server.getWebServer().getPort();
        }
    }

    URI batch(HttpServletRequest request, Batch batch) {
        String prefix = isOnOwnPort(request) ? "" : "/livy";
        return URI.create(request.getContextPath() + prefix + "/batches/" + batch.id());
    }

    /** It answers from memory and asks no cluster. */
    AppInfo of(HttpServletRequest request, Job job) {
        Optional<Run> run = job.currentRun();
        if (run.isEmpty()) {
            return new AppInfo(null, null, null);
        }
        UriComponentsBuilder base = ServletUriComponentsBuilder.fromContextPath(request);
        if (isOnOwnPort(request)) {
            // The pages are at the other one.
            base.port(port);
        }
        String url = base.build().toUriString();
        boolean hasSparkUi = run.get().remoteId() != null
                && clusters.find(job.cluster())
                        .filter(cluster -> cluster.traits().startsApplications())
                        .isPresent();
        return new AppInfo(
                url + "/ui/jobs/" + job.id(), hasSparkUi ? url + "/jobs/" + job.id() + "/spark-ui" : null, null);
    }

    private static boolean isOnOwnPort(HttpServletRequest request) {
        return request.getAttribute(LivyPort.ASKED_HERE) != null;
    }
}
