package io.slipway.api;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where everything else is. Browsers are sent to the console before they come here. */
@RestController
class RootController implements RootApi {

    private final Links.FromRequest here;

    RootController(Links.FromRequest here) {
        this.here = here;
    }

    @Override
    @GetMapping("/")
    public RootView read(HttpServletRequest request) {
        String base = here.links().base();
        Map<String, URI> links = new LinkedHashMap<>();
        link(links, "self", base, "/");
        link(links, "jobs", base, "/jobs");
        link(links, "plans", base, "/plans");
        link(links, "clusters", base, "/clusters");
        link(links, "events", base, "/events");
        link(links, "stats", base, "/stats");
        link(links, "description", base, "/v3/api-docs");
        link(links, "swaggerUi", base, "/swagger-ui.html");
        link(links, "console", base, "/ui/jobs");
        link(links, "client", base, "/slipway");
        link(links, "health", base, "/actuator/health");
        return new RootView("slipway", links);
    }

    private static void link(Map<String, URI> links, String name, String base, String path) {
        links.put(name, URI.create(base + path));
    }
}
