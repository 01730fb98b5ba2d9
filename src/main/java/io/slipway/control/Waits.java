package io.slipway.control;

import io.slipway.environments.Environment;
import io.slipway.environments.EnvironmentState;
import io.slipway.environments.Environments;
import io.slipway.jobs.EnvironmentNeed;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.provision.ClusterWait;
import io.slipway.provision.OrderBook;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Tells what jobs in the queue wait for: an environment that is built, or a cluster that is made to order. */
@Component
public class Waits {

    private final Environments environments;
    private final OrderBook orders;

    Waits(Environments environments, OrderBook orders) {
        this.environments = environments;
        this.orders = orders;
    }

    /** For one answer about several jobs, by one thread: each cluster and each environment is looked up once. */
    public Look look() {
        return new Look();
    }

    /** What is there at one moment. */
    public final class Look {

        private final Map<String, Optional<ClusterWait>> clusters = new HashMap<>();
        private final Map<String, Optional<Environment>> built = new HashMap<>();

        private Look() {}

        /** Empty for a job that is not in the queue, or waits for its turn alone. */
        public Optional<Wait> of(Job job) {
            if (job.state() != JobState.QUEUED) {
                return Optional.empty();
            }
            Optional<EnvironmentNeed> need = job.environment().filter(EnvironmentNeed::isAwaited);
            return need.isPresent()
                    ? Optional.of(environment(job, need.get()))
                    : cluster(job.cluster())
                            .filter(wait -> !wait.owners().contains(job.id().value()))
                            .map(Look::of);
        }

        /** What any job in the queue of the cluster would wait for. */
        public Optional<Wait> ofAny(String cluster) {
            return cluster(cluster).map(Look::of);
        }

        private Optional<ClusterWait> cluster(String name) {
            return clusters.computeIfAbsent(name, orders::waitFor);
        }

        private static Wait of(ClusterWait wait) {
            return new Wait(Wait.Kind.CLUSTER, wait.state(), wait.since(), wait.message(), null);
        }

        private Wait environment(Job job, EnvironmentNeed need) {
            Optional<Environment> environment =
                    need.environmentId().flatMap(id -> built.computeIfAbsent(id, environments::findById));
            return new Wait(
                    Wait.Kind.ENVIRONMENT,
                    environment.map(found -> found.state().name()).orElse(null),
                    need.since().orElse(job.createdAt()),
                    environment
                            .filter(found -> found.state() == EnvironmentState.WANTED)
                            .map(this::wanted)
                            .orElse("What the project requires is being installed."),
                    need.environmentId().orElse(null));
        }

        /** One that is not being built yet may wait for a cluster in its turn. */
        private String wanted(Environment environment) {
            String why = environment
                    .message()
                    .map(last -> "What the project requires is installed again soon. " + last)
                    .orElse("What the project requires is installed as soon as the cluster has room for it.");
            return cluster(environment.cluster())
                    .map(wait -> why + " " + wait.message())
                    .orElse(why);
        }
    }
}
