package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.control.OrderedClusterControl;
import io.slipway.provision.ClusterOrder;
import io.slipway.provision.ClusterProvider;
import io.slipway.provision.OrderBook;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Clusters that are made to order: what they are made of, and what operators wish about them. */
@RestController
@RequestMapping("/clusters/{name}")
class OrderedClustersController implements OrderedClustersApi {

    private static final int MOST_A_PAGE = 500;

    private final OrderBook book;
    private final ClusterProvider provider;
    private final OrderedClusterControl control;
    private final OrderingViews views;
    private final Links.FromRequest here;

    OrderedClustersController(
            OrderBook book,
            ClusterProvider provider,
            OrderedClusterControl control,
            OrderingViews views,
            Links.FromRequest here) {
        this.book = book;
        this.provider = provider;
        this.control = control;
        this.views = views;
        this.here = here;
    }

    @Override
    @GetMapping("/template")
    public TemplateView template(@PathVariable String name) {
        return TemplateView.of(provider.texts(book.template(name).cluster()));
    }

    @Override
    @GetMapping("/orders")
    public Page<OrderView> orders(
            HttpServletRequest request,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String before,
            @RequestParam(defaultValue = "50") int limit) {
        Paging.requireLimit(limit, MOST_A_PAGE);
        String cursor = Paging.cursor(before, "an order");
        List<ClusterOrder> found = book.list(book.template(name).cluster(), cursor, limit + 1);
        List<ClusterOrder> page = found.subList(0, Math.min(limit, found.size()));
        return new Page<>(
                page.stream().map(OrderView::of).toList(),
                found.size() > limit
                        ? here.links()
                                .nextPage(request, page.get(page.size() - 1).key())
                        : null);
    }

    @Override
    @GetMapping("/orders/{id}")
    public OrderStoryView order(@PathVariable String name, @PathVariable String id) {
        ClusterOrder order = book.order(name, id);
        return new OrderStoryView(
                OrderView.of(order),
                book.eventsOf(order.key()).stream().map(OrderEventView::of).toList());
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
