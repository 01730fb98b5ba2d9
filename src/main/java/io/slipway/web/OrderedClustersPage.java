package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.control.OrderedClusterControl;
import io.slipway.provision.ClusterOrder;
import io.slipway.provision.OrderBook;
import io.slipway.provision.OrderState;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/** One order of a cluster, and what operators do with clusters that are made to order; each deed leads back to the page of the clusters. */
@Controller
class OrderedClustersPage {

    private static final String BACK = "redirect:/ui/clusters";

    private final OrderedClusterControl control;
    private final OrderBook book;
    private final Clock clock;

    OrderedClustersPage(OrderedClusterControl control, OrderBook book, Clock clock) {
        this.control = control;
        this.book = book;
        this.clock = clock;
    }

    /** @param tone the colour of the state that it led to, as one of the states of jobs */
    record Line(
            TimeText at,
            OrderState state,
            String tone,
            String by,
            @Nullable String reason) {}

    @GetMapping("/ui/clusters/{name}/orders/{id}")
    String order(@PathVariable String name, @PathVariable String id, Model model) {
        Instant now = clock.instant();
        ClusterOrder order = book.order(name, id);
        model.addAttribute("order", order);
        model.addAttribute("tone", tone(order.state()));
        model.addAttribute("since", TimeText.of(order.stateSince(), now));
        model.addAttribute(
                "lines",
                book.eventsOf(order.key()).stream()
                        .map(event -> new Line(
                                TimeText.of(event.occurredAt(), now),
                                event.to(),
                                tone(event.to()),
                                event.by(),
                                event.reason()))
                        .toList());
        return "clusters/order";
    }

    private static String tone(OrderState state) {
        return switch (state) {
            case WANTED, REQUESTED -> "s-queued";
            case STARTING -> "s-pending";
            case READY -> "s-running";
            case DRAINING, ENDING -> "s-cancelled";
            case ENDED -> "s-succeeded";
            case FAILED -> "s-failed";
        };
    }

    @PostMapping("/ui/clusters/{name}/orders")
    String start(HttpServletRequest request, @PathVariable String name) {
        control.start(Caller.of(request), name);
        return BACK;
    }

    @PostMapping("/ui/clusters/{name}/orders/{id}/drain")
    String drain(HttpServletRequest request, @PathVariable String name, @PathVariable String id) {
        control.drain(Caller.of(request), name, id);
        return BACK;
    }

    @PostMapping("/ui/clusters/{name}/orders/{id}/terminate")
    String terminate(HttpServletRequest request, @PathVariable String name, @PathVariable String id) {
        control.terminate(Caller.of(request), name, id);
        return BACK;
    }

    @PostMapping("/ui/clusters/{name}/resume")
    String resume(HttpServletRequest request, @PathVariable String name) {
        control.resume(Caller.of(request), name);
        return BACK;
    }

    @PostMapping("/ui/orphaned-clusters/{id}/terminate")
    String terminateOrphan(HttpServletRequest request, @PathVariable String id) {
        control.terminateOrphan(Caller.of(request), id);
        return BACK;
    }
}
