package io.slipway.provision;

import com.github.f4b6a3.ulid.UlidCreator;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What people may wish about clusters that are made to order. Wishes are written down here; the leader makes them come true. */
@Component
public class OrderWishes {

    private final OrderBook book;
    private final OrderTransactions transactions;
    private final EntityManager entities;
    private final TransactionTemplate transaction;
    private final Clock clock;

    OrderWishes(
            OrderBook book,
            OrderTransactions transactions,
            EntityManager entities,
            PlatformTransactionManager transactionManager,
            Clock clock) {
        this.book = book;
        this.transactions = transactions;
        this.entities = entities;
        this.transaction = new TransactionTemplate(transactionManager);
        this.clock = clock;
    }

    /**
     * A cluster, before any job waits for it.
     *
     * @throws TooManyClusters when there are as many as there may be
     */
    public ClusterOrder start(String cluster, String by) {
        ClusterTemplate template = book.template(cluster);
        if (book.open(cluster).size() >= template.most()) {
            throw new TooManyClusters(cluster, template.most());
        }
        int subnet = book.history(cluster).subnet();
        return transactions.insert(ClusterOrder.wanted(
                UlidCreator.getMonotonicUlid().toString(),
                template,
                subnet % template.size().subnets(),
                by,
                clock.instant()));
    }

    /** It gets no more runs and ends after those that it has. Asked again, it changes nothing. */
    public ClusterOrder drain(String key, String by) {
        return transactions.apply(key, order -> {
            switch (order.state()) {
                case WANTED -> order.dropped("An operator does not want it.", by, clock.instant());
                case STARTING -> order.ending("An operator does not want it.", by, clock.instant());
                case REQUESTED, READY -> order.drained("An operator wants it to end.", by, clock.instant());
                case DRAINING, ENDING, ENDED, FAILED -> {}
            }
        });
    }

    /** It ends now, with all that runs on it. Asked again, it changes nothing. */
    public ClusterOrder terminate(String key, String by) {
        return transactions.apply(key, order -> {
            switch (order.state()) {
                case WANTED -> order.dropped("An operator does not want it.", by, clock.instant());
                case REQUESTED, STARTING, READY, DRAINING -> order.ending("An operator ended it.", by, clock.instant());
                case ENDING, ENDED, FAILED -> {}
            }
        });
    }

    /** Failures up to now are dealt with: clusters of the template are ordered again. */
    public void resume(String cluster, String by) {
        book.template(cluster);
        transaction.executeWithoutResult(status -> entities.merge(new ClusterResumption(cluster, by, clock.instant())));
    }
}
