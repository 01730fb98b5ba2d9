package io.slipway.api;

import io.slipway.compute.Clusters;
import io.slipway.jobs.Job;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Where things are, as absolute addresses of the host that the client called. */
record Links(Clusters clusters, String base) {

    /** Takes the address from the request that is being answered; must be called in its thread. */
    @Component
    record FromRequest(Clusters clusters) {
        Links links() {
            return new Links(
                    clusters,
                    ServletUriComponentsBuilder.fromCurrentContextPath().build().toUriString());
        }
    }

    Map<String, URI> of(Job job) {
        Map<String, URI> links = new LinkedHashMap<>();
        links.put("self", job(job.id(), ""));
        links.put("events", job(job.id(), "/events"));
        links.put("logs", job(job.id(), "/logs"));
        links.put("cancel", job(job.id(), "/cancel"));
        job.currentRun()
                .ifPresent(run ->
                        clusters.find(job.cluster()).ifPresent(cluster -> links.putAll(cluster.links(run.ref()))));
        return links;
    }

    URI job(String id, String rest) {
        return URI.create(base + "/jobs/" + id + rest);
    }

    URI at(String path) {
        return URI.create(base + path);
    }
}
