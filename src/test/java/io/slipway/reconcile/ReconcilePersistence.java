package io.slipway.reconcile;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.PersistenceTest;
import io.slipway.compute.ClusterSightings;
import io.slipway.jobs.EndedJobs;
import io.slipway.jobs.JobTransactions;
import io.slipway.provision.EndedOrders;
import io.slipway.provision.OrderTransactions;
import io.slipway.provision.OrphanedClusters;
import io.slipway.provision.TestOrders;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/** A persistence test of this room. They all get the same beans, so that a JVM makes one context of them for each kind of database. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@PersistenceTest
@Import({
    JobTransactions.class,
    EndedJobs.class,
    ClusterSightings.class,
    TurnedLoop.Table.class,
    OrderTransactions.class,
    TestOrders.class,
    OrphanedClusters.class,
    EndedOrders.class,
    SimpleMeterRegistry.class
})
@interface ReconcilePersistence {}
