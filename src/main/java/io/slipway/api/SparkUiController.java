package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.compute.Clusters;
import io.slipway.compute.RunOrder;
import io.slipway.compute.SparkUi;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.ApplicationWishes;
import io.slipway.jobs.Job;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The way to Spark's own pages. No cluster is asked here. */
@RestController
class SparkUiController implements SparkUiApi {

    private final CallersJobs callersJobs;
    private final Clusters clusters;
    private final ApplicationWishes wishes;

    SparkUiController(CallersJobs callersJobs, Clusters clusters, ApplicationWishes wishes) {
        this.callersJobs = callersJobs;
        this.wishes = wishes;
        this.clusters = clusters;
    }

    @Override
    @GetMapping("/jobs/{id}/spark-ui")
    public ResponseEntity<SparkUiView> open(HttpServletRequest request, @PathVariable String id) {
        Job job = callersJobs.readable(Caller.of(request), id);
        wishes.of(job);
        SparkUi ui = of(job);
        if (ui instanceof SparkUi.Ready ready) {
            return ResponseEntity.status(HttpStatus.SEE_OTHER)
                    .location(ready.uri())
                    .cacheControl(CacheControl.noStore())
                    .build();
        }
        if (ui instanceof SparkUi.Coming coming) {
            return ResponseEntity.accepted()
                    .header(HttpHeaders.RETRY_AFTER, Long.toString(seconds(coming.askAgain())))
                    .cacheControl(CacheControl.noStore())
                    .body(new SparkUiView(coming.message()));
        }
        throw new ApiProblem(ProblemType.SPARK_UI_NOT_FOUND, ((SparkUi.None) ui).message());
    }

    private SparkUi of(Job job) {
        return job.all()
                .last()
                .flatMap(run -> clusters.find(job.cluster())
                        .map(cluster -> cluster.output()
                                .sparkUi(new RunOrder(run.ref(), job.name(), job.plan()), run.endedAt())))
                .orElseGet(() -> new SparkUi.None("Job " + job.id() + " has not been started anywhere."));
    }

    /** Rounded up: a client that comes exactly then is not too early. */
    private static long seconds(Duration time) {
        return Math.max(1, time.plusMillis(999).toSeconds());
    }
}
