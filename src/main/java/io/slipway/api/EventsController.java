package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.api.stream.EventStreams;
import io.slipway.api.stream.FeedEventView;
import io.slipway.api.stream.Reader;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.feed.EventFeed;
import io.slipway.jobs.feed.FeedFilter;
import io.slipway.jobs.feed.FeedPage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What happened, as a list or as a stream that goes on. */
@RestController
class EventsController implements EventsApi {

    static final int MOST_A_PAGE = 1000;

    private final CallersJobs callersJobs;
    private final Jobs jobs;
    private final EventFeed feed;
    private final EventStreams streams;
    private final Links.FromRequest here;
    private final Clock clock;

    EventsController(
            CallersJobs callersJobs,
            Jobs jobs,
            EventFeed feed,
            EventStreams streams,
            Links.FromRequest here,
            Clock clock) {
        this.callersJobs = callersJobs;
        this.jobs = jobs;
        this.feed = feed;
        this.streams = streams;
        this.here = here;
        this.clock = clock;
    }

    @Override
    @GetMapping("/events")
    public @Nullable Object feed(
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestParam(required = false) @Nullable Set<JobState> state,
            @RequestParam(required = false) @Nullable String cluster,
            @RequestParam(required = false) @Nullable String owner,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(defaultValue = "100") int limit)
            throws IOException {
        Caller caller = Caller.of(request);
        FeedFilter filter = new FeedFilter(null, caller.listed(owner), cluster, States.of(state));
        Resume resume = Resume.of(request, after);
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        if (!resume.isStream()) {
            return page(request, filter, resume.position().orElse(0), limit);
        }
        long from = inFeed(resume.position().orElse(Long.MAX_VALUE));
        streams.open(request, response, new Reader(caller.owner(), filter, from, false, null));
        return null;
    }

    private EventPage page(HttpServletRequest request, FeedFilter filter, long after, int limit) {
        Paging.requireLimit(limit, MOST_A_PAGE);
        FeedPage page = feed.after(after, filter, limit);
        return new EventPage(
                page.events().stream().map(FeedEventView::of).toList(),
                page.more() ? here.links().again(request, "after", Long.toString(page.position())) : null,
                page.position());
    }

    /**
     * A database that was put back ends before what its readers have seen of it: they go on from its end. That is read before anything
     * else, so whatever is committed meanwhile lies behind it.
     */
    private long inFeed(long position) {
        return Math.min(position, feed.end());
    }

    @Override
    @GetMapping("/jobs/{id}/events")
    public @Nullable Object ofJob(
            HttpServletRequest request,
            HttpServletResponse response,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long after)
            throws IOException {
        Caller caller = Caller.of(request);
        Job job = callersJobs.readable(caller, id);
        Resume resume = Resume.of(request, after);
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        long from = inFeed(resume.position().orElse(0));
        if (!resume.isStream()) {
            return new JobEventPage(
                    jobs.eventsOf(job.id()).stream()
                            .filter(event -> event.position() == null || event.position() > from)
                            .map(EventView::of)
                            .toList(),
                    null);
        }
        Instant awaited = job.causeAwaitedUntil();
        boolean waits = awaited != null && clock.instant().isBefore(awaited);
        if (job.state().isTerminal() && !waits && !feed.hasMoreOf(job.id(), from)) {
            // To a browser's EventSource this alone says: do not come back.
            return ResponseEntity.noContent().build();
        }
        streams.open(request, response, new Reader(caller.owner(), FeedFilter.ofJob(job.id()), from, true, awaited));
        return null;
    }
}
