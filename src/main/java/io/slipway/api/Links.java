package io.slipway.api;

import io.slipway.compute.Clusters;
import io.slipway.control.Wait;
import io.slipway.control.Waits;
import io.slipway.jobs.EnvironmentNeed;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder;

/** Where things are, as absolute addresses of the host that the client called. */
record Links(Clusters clusters, Waits waits, Waits.Look look, String base) {

    /** Takes the address from the request that is being answered; must be called in its thread. */
    @Component
    record FromRequest(Clusters clusters, Waits waits) {
        Links links() {
            return new Links(
                    clusters,
                    waits,
                    waits.look(),
                    ServletUriComponentsBuilder.fromCurrentContextPath().build().toUriString());
        }
    }

    /** For an answer that is given a while after its request: what was looked up by then may be over. */
    Links later() {
        return new Links(clusters, waits, waits.look(), base);
    }

    /** The same, as if the client had called another address. */
    Links from(String other) {
        return new Links(clusters, waits, look, other);
    }

    Map<String, URI> of(Job job) {
        Map<String, URI> links = new LinkedHashMap<>();
        links.put("self", job(job.id(), ""));
        links.put("events", job(job.id(), "/events"));
        links.put("logs", job(job.id(), "/logs"));
        links.put("cancel", job(job.id(), "/cancel"));
        if (!job.spec().program().launch().results().isEmpty()) {
            links.put("results", job(job.id(), "/results"));
        }
        job.environment()
                .flatMap(EnvironmentNeed::environmentId)
                .ifPresent(id -> links.put("environment", environment(id, "")));
        job.currentRun()
                .ifPresent(run -> clusters.find(job.cluster()).ifPresent(cluster -> {
                    cluster.output().links(run.ref()).forEach(link -> links.put(link.name(), link.uri()));
                    if (cluster.traits().startsApplications() && run.remoteId() != null) {
                        links.put("sparkUi", job(job.id(), "/spark-ui"));
                    }
                }));
        return links;
    }

    /** What a job in the queue waits for beside its turn; each cluster is looked up once for an answer. */
    @Nullable
    WaitingForView waitingFor(Job job) {
        return look.of(job).map(this::view).orElse(null);
    }

    /** What any job in the queue of the cluster would wait for. */
    @Nullable
    WaitingForView waitingFor(String cluster) {
        return look.ofAny(cluster).map(this::view).orElse(null);
    }

    private WaitingForView view(Wait wait) {
        String environmentId = wait.environmentId();
        URI link = switch (wait.kind()) {
            case CLUSTER -> URI.create(base + "/clusters");
            case ENVIRONMENT -> environmentId == null ? null : environment(environmentId, "");
        };
        return WaitingForView.of(wait, link);
    }

    URI job(JobId id, String rest) {
        return URI.create(base + "/jobs/" + id + rest);
    }

    URI environment(String id, String rest) {
        return URI.create(base + "/environments/" + id + rest);
    }

    /** The request once more, for a log by its name of today. */
    String renamed(HttpServletRequest request, JobId id, String stream) {
        String query = request.getQueryString();
        return job(id, "/logs/" + stream) + (query == null ? "" : "?" + query);
    }

    /** The request once more, for what comes after the given id. */
    URI nextPage(HttpServletRequest request, String before) {
        return again(request, "before", before);
    }

    /** The request once more, with another value of one parameter. */
    URI again(HttpServletRequest request, String parameter, String other) {
        UriComponentsBuilder next = UriComponentsBuilder.fromUriString(base + request.getRequestURI());
        List<String> values = new ArrayList<>();
        request.getParameterMap().forEach((name, given) -> {
            for (String value : name.equals(parameter) ? new String[0] : given) {
                // As a variable: a + or = in a value is then escaped, not taken for syntax.
                next.queryParam(name, "{v" + values.size() + "}");
                values.add(value);
            }
        });
        next.queryParam(parameter, "{v" + values.size() + "}");
        values.add(other);
        return next.encode().buildAndExpand(values.toArray()).toUri();
    }
}
