package io.slipway.reconcile;

import io.slipway.jobs.JobChanged;
import io.slipway.jobs.JobState;
import io.slipway.vitals.Faults;
import io.slipway.vitals.Heartbeat;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Turns the wheel of environments on a thread of its own: a builder that is slow keeps no cluster waiting. */
@Component
class EnvironmentLoop implements SmartLifecycle {

    private static final String NAME = "(environments)";

    private final EnvironmentBuilds builds;
    private final Wheels wheels;

    EnvironmentLoop(
            EnvironmentBuilds builds,
            Leadership leadership,
            ReconcileSettings settings,
            Faults faults,
            @Qualifier("loopHeartbeat") Heartbeat heartbeat) {
        this.builds = builds;
        this.wheels = new Wheels(settings.tick(), leadership::isLeader, faults, heartbeat);
    }

    @EventListener
    void changed(JobChanged change) {
        boolean isOfInterest =
                change.state() == JobState.QUEUED || change.state().isTerminal();
        if (change.needsEnvironment() && isOfInterest) {
            wheels.wake(NAME);
        }
    }

    @Override
    public void start() {
        wheels.start();
        wheels.spinSoon(NAME, builds::turn, () -> true);
    }

    @Override
    public void stop() {
        wheels.stop();
    }

    @Override
    public boolean isRunning() {
        return wheels.areRunning();
    }

    @Override
    public int getPhase() {
        return Loop.PHASE;
    }
}
