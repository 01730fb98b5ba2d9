package io.slipway.api;

import io.slipway.jobs.JobState;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The description of {@link EventsController}, for OpenAPI. */
@Tag(name = "Events", description = "What happened, in one order, as it happens.")
interface EventsApi {

    @Operation(operationId = "listEvents", summary = "What happens to all jobs", description = """
        Every change of every job that the caller may see, in one order in which nothing comes late. As JSON, a page \
        of it, oldest first: follow `next`, and later go on with `after` at the page's `position`.

        With `Accept: text/event-stream`, a stream that begins now and does not end. Each event's `id` is its position and \
        its `data` one `FeedEvent`; comments keep a silent stream open. `Last-Event-ID`, or `after`, goes on behind a \
        position, over every event in between; what retention has removed is passed over. A reader who does not keep up is \
        cut off and can come back, as `EventSource` does by itself. `curl -N -H 'Accept: text/event-stream' …/events`\
        """)
    @LastEventId
    @ApiResponse(
            responseCode = "200",
            description = "One page, or the stream.",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = EventPage.class)),
                @Content(mediaType = "text/event-stream", schema = @Schema(type = "string"))
            })
    @MayFail({ProblemType.INVALID_PARAMETER, ProblemType.TOO_MANY_OWN_STREAMS, ProblemType.TOO_MANY_STREAMS})
    @Nullable
    Object feed(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response,
            @Parameter(description = "Into one of these states. Such as `FAILED`.") @Nullable Set<JobState> state,
            @Parameter(description = "Of jobs on this cluster. Such as `analytics`.") @Nullable String cluster,
            @Parameter(description = "For operators; everybody else sees their own jobs alone. Such as `alice`.")
                    @Nullable
                    String owner,
            @Parameter(description = "Behind this position; `next` carries it. Such as `4711`.") @Nullable Long after,
            @Parameter(
                            description = "1 to 1000; for a page.",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "1000",
                                            defaultValue = "100"))
                    int limit)
            throws IOException;

    @Operation(operationId = "listJobEvents", summary = "The job's history", description = """
        Every change: from which state to which, when, why, and who asked. Oldest first.

        With `Accept: text/event-stream`, a stream of the history so far and of what follows. After the line that ends the \
        job comes an event of the type `end`, and the stream is over; who comes back then, as `EventSource` does by \
        itself, is answered 204, at which it stops. While it runs, events of the type `progress`, which have no `id`, say how far \
        it is: their `data` is the job's `progress`. While it waits in the queue for a cluster or an environment, events of the type \
        `waiting` say which: `{"waitingFor": …}` as the job has it, without the link, and null when it waits for its turn alone. `Last-Event-ID`, or `after`, leaves out what was read before.\
        """)
    @LastEventId
    @ApiResponse(
            responseCode = "200",
            description = "The whole history, or the stream.",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = JobEventPage.class)),
                @Content(mediaType = "text/event-stream", schema = @Schema(type = "string"))
            })
    @ApiResponse(
            responseCode = "204",
            description = "For a stream: the job has ended, and there is nothing behind the position.",
            content = @Content)
    @MayFail({
        ProblemType.INVALID_PARAMETER,
        ProblemType.JOB_NOT_FOUND,
        ProblemType.TOO_MANY_OWN_STREAMS,
        ProblemType.TOO_MANY_STREAMS
    })
    @Nullable
    Object ofJob(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response,
            @JobIdInPath String id,
            @Parameter(description = "Behind this position. Such as `4711`.") @Nullable Long after)
            throws IOException;
}
