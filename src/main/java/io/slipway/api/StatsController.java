package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.stats.DailyNumbers;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Numbers of many jobs. */
@RestController
class StatsController implements StatsApi {

    private static final int MOST_DAYS = 90;

    private final DailyNumbers numbers;
    private final Jobs jobs;
    private final Clock clock;

    StatsController(DailyNumbers numbers, Jobs jobs, Clock clock) {
        this.numbers = numbers;
        this.jobs = jobs;
        this.clock = clock;
    }

    @Override
    @GetMapping("/stats")
    public StatsView read(
            HttpServletRequest request,
            @RequestParam(defaultValue = "30") int days,
            @RequestParam(required = false) @Nullable String owner) {
        if (days < 1 || days > MOST_DAYS) {
            throw new ApiProblem(
                    ProblemType.INVALID_PARAMETER, "days must be between 1 and " + MOST_DAYS + "; it is " + days + ".");
        }
        String whose = Caller.of(request).listed(owner);
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return StatsView.of(whose, alive(whose), numbers.of(whose, today.minusDays(days - 1L), today));
    }

    private Map<JobState, Long> alive(@Nullable String owner) {
        List<Jobs.ClusterLoad> loads = owner == null
                ? jobs.countByClusterAndState(JobState.live())
                : jobs.countOfOwner(owner, JobState.live());
        return Jobs.ClusterLoad.byState(loads);
    }
}
