package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.control.OrderedClusterControl;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** What operators do with clusters that are made to order; each leads back to the page of the clusters. */
@Controller
@RequestMapping("/ui/clusters/{name}")
class OrderedClustersPage {

    private static final String BACK = "redirect:/ui/clusters";

    private final OrderedClusterControl control;

    OrderedClustersPage(OrderedClusterControl control) {
        this.control = control;
    }

    @PostMapping("/orders")
    String start(HttpServletRequest request, @PathVariable String name) {
        control.start(Caller.of(request), name);
        return BACK;
    }

    @PostMapping("/orders/{id}/drain")
    String drain(HttpServletRequest request, @PathVariable String name, @PathVariable String id) {
        control.drain(Caller.of(request), name, id);
        return BACK;
    }

    @PostMapping("/orders/{id}/terminate")
    String terminate(HttpServletRequest request, @PathVariable String name, @PathVariable String id) {
        control.terminate(Caller.of(request), name, id);
        return BACK;
    }

    @PostMapping("/resume")
    String resume(HttpServletRequest request, @PathVariable String name) {
        control.resume(Caller.of(request), name);
        return BACK;
    }
}
