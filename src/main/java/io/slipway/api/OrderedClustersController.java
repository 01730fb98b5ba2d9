package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.control.OrderedClusterControl;
import io.slipway.provision.ClusterProvider;
import io.slipway.provision.OrderBook;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Clusters that are made to order: what they are made of, and what operators wish about them. */
@RestController
@RequestMapping("/clusters/{name}")
class OrderedClustersController implements OrderedClustersApi {

    private final OrderBook book;
    private final ClusterProvider provider;
    private final OrderedClusterControl control;
    private final OrderingViews views;

    OrderedClustersController(
            OrderBook book, ClusterProvider provider, OrderedClusterControl control, OrderingViews views) {
        this.book = book;
        this.provider = provider;
        this.control = control;
        this.views = views;
    }

    @Override
    @GetMapping("/template")
    public TemplateView template(@PathVariable String name) {
        return TemplateView.of(provider.texts(book.template(name).cluster()));
    }

    @Override
    @PostMapping("/orders")
    public ResponseEntity<OrderView> start(HttpServletRequest request, @PathVariable String name) {
        return ResponseEntity.accepted().body(OrderView.of(control.start(Caller.of(request), name)));
    }

    @Override
    @PostMapping("/orders/{id}/drain")
    public ResponseEntity<OrderView> drain(
            HttpServletRequest request, @PathVariable String name, @PathVariable String id) {
        return ResponseEntity.accepted().body(OrderView.of(control.drain(Caller.of(request), name, id)));
    }

    @Override
    @PostMapping("/orders/{id}/terminate")
    public ResponseEntity<OrderView> terminate(
            HttpServletRequest request, @PathVariable String name, @PathVariable String id) {
        return ResponseEntity.accepted().body(OrderView.of(control.terminate(Caller.of(request), name, id)));
    }

    @Override
    @PostMapping("/resume")
    public OrderingView resume(HttpServletRequest request, @PathVariable String name) {
        Caller caller = Caller.of(request);
        control.resume(caller, name);
        return views.of(book.template(name), caller);
    }
}
