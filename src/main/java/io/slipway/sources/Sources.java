package io.slipway.sources;

import java.util.List;
import org.springframework.stereotype.Component;

/** All kinds of sources. */
@Component
public class Sources {

    private final List<ProjectHost> hosts;

    Sources(List<ProjectHost> hosts) {
        this.hosts = List.copyOf(hosts);
    }

    /** @throws SourceFailure in every case in which there is none, or the owner may not have it */
    public String version(SourceOrder order) {
        return host(order).version(order);
    }

    /** @throws SourceFailure in every case in which there is no file */
    public FetchedSource fetch(SourceOrder order) {
        return host(order).fetch(order);
    }

    /** What the owner may have fetched: the beginnings of URIs, in whole segments. */
    public List<String> prefixes(String owner) {
        return hosts.stream().flatMap(host -> host.prefixes(owner).stream()).toList();
    }

    private ProjectHost host(SourceOrder order) {
        return hosts.stream()
                .filter(host -> host.knows(order.uri()))
                .findFirst()
                .orElseThrow(() -> new SourceFailure(
                        SourceFailure.Kind.INVALID,
                        "Projects are fetched from s3:// and git+https:// alone, not from this URI."));
    }
}
