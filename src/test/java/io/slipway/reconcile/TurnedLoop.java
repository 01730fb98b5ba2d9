package io.slipway.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.compute.ClusterEventSource;
import io.slipway.compute.ClusterSightings;
import io.slipway.compute.Clusters;
import io.slipway.jobs.Cleanups;
import io.slipway.jobs.Explanation;
import io.slipway.jobs.JobChanged;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.LiveJobs;
import io.slipway.provision.ClusterProvider;
import io.slipway.provision.NoTemplates;
import io.slipway.provision.OrderBook;
import io.slipway.provision.OrderTransactions;
import io.slipway.vitals.Faults;
import io.slipway.vitals.Heartbeat;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** The loop with all its parts and its default settings, turned by hand in a time that its owner moves. */
public final class TurnedLoop {

    private final Loop loop;
    private final BuildSlots builds = new BuildSlots();
    private final ClusterEvents clusterEvents;
    private final ProgramEnds ends;

    /** What it works on; a bean for tests that have repositories. */
    public record Table(
            Jobs jobs,
            JdbcTemplate database,
            JobTransactions transactions,
            Cleanups cleanups,
            ClusterSightings sightings,
            PlatformTransactionManager transactionManager,
            ApplicationEventMulticaster changes) {}

    /** Where clusters are made to order. */
    public record Orders(ClusterProvider provider, OrderBook book, OrderTransactions transactions) {}

    public TurnedLoop(Table table, Clusters clusters, BooleanSupplier leads, MeterRegistry meters, Clock clock) {
        this(table, new Orders(new NoTemplates(), null, null), clusters, leads, meters, clock);
    }

    public TurnedLoop(
            Table table, Orders orders, Clusters clusters, BooleanSupplier leads, MeterRegistry meters, Clock clock) {
        Leadership leadership = new TestLeader(leads);
        ReconcileSettings settings = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("slipway.reconcile", ReconcileSettings.class);
        LoopMetrics metrics = new LoopMetrics(meters, leadership);
        DuplicateSweep duplicates = new DuplicateSweep(table.jobs(), table.transactions(), settings, clock);
        this.clusterEvents = new ClusterEvents(clock);
        GatheredLooks gathered = new GatheredLooks();
        LiveJobs live = new LiveJobs(table.database(), clock);
        Worklist worklist = new Worklist(table.jobs(), live, table.cleanups(), orders.provider(), orders.book(), clock);
        table.changes().addApplicationListener(event -> {
            if (event instanceof PayloadApplicationEvent<?> told && told.getPayload() instanceof JobChanged change) {
                live.changed(change);
                worklist.changed(change);
            }
        });
        LeftoverCleanups crew = new LeftoverCleanups(
                table.cleanups(), worklist, table.transactions(), table.transactionManager(), leadership, clock);
        OrderDesk desk = new OrderDesk(
                orders.provider(),
                orders.book(),
                orders.transactions(),
                new OrderLooks(orders.provider(), orders.transactions(), clock),
                table.jobs(),
                builds,
                worklist,
                leadership,
                clock);
        // Its jobs have no environments.
        EnvironmentFit fit = new EnvironmentFit(null, null, table.transactions(), clock);
        Dispatcher dispatcher = new Dispatcher(
                new FairQueue(table.jobs()), table.transactions(), fit, desk, leadership, settings, clock);
        this.ends = new ProgramEnds(
                clusters, table.transactions(), (cluster, order, end) -> Explanation.NOTHING_YET, clock);
        Reconciler reconciler = new Reconciler(
                table.jobs(),
                live,
                table.transactions(),
                duplicates,
                crew,
                new Causes(
                        table.jobs(),
                        table.transactions(),
                        (job, run, status) -> Explanation.NOTHING,
                        ends,
                        leadership,
                        clock),
                new Withdrawals(table.transactions(), settings, clock),
                clusterEvents,
                gathered,
                table.sightings(),
                metrics,
                settings,
                clock);
        this.loop = new Loop(
                clusters,
                worklist,
                reconciler,
                new TargetedPoll(reconciler, clusterEvents, table.sightings(), ends, gathered, metrics, clock),
                gathered,
                dispatcher,
                desk,
                builds,
                leadership,
                clusterEvents,
                List.of(),
                settings,
                new Faults(meters),
                new Heartbeat(System::nanoTime),
                clock);
    }

    BuildSlots builds() {
        return builds;
    }

    public void tick() {
        loop.tick();
        ends.read();
    }

    /** Takes the news that are there. */
    public void listen(ClusterEventSource source) {
        try {
            loop.poll(source);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    public boolean hasNewsFlowing(String cluster) {
        return clusterEvents.areFlowing(cluster);
    }
}
