package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.jobs.Jobs;
import io.slipway.provision.ClusterTemplate;
import io.slipway.provision.OrderBook;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/** Shows how the clusters of a name are made to order, to one caller. */
@Component
class OrderingViews {

    private static final int WAITING_SHOWN = 20;

    private final OrderBook book;
    private final Jobs jobs;
    private final Links.FromRequest here;

    OrderingViews(OrderBook book, Jobs jobs, Links.FromRequest here) {
        this.book = book;
        this.jobs = jobs;
        this.here = here;
    }

    OrderingView of(ClusterTemplate template, Caller caller) {
        String name = template.cluster();
        return OrderingView.of(
                template,
                book.shown(name).stream().map(OrderView::of).toList(),
                here.links().waitingFor(name),
                caller.isOperator()
                        ? jobs.waitingFor(name, Limit.of(WAITING_SHOWN))
                        : jobs.waitingForOfOwner(name, caller.owner(), Limit.of(WAITING_SHOWN)));
    }
}
