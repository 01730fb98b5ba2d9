package io.slipway.api.stream;

import io.slipway.jobs.feed.FeedEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One reader of events: up to where they have them, and when their stream is over. */
final class EventStream {

    private final Reader reader;

    private final AsyncAnswer answer;
    private final Instant openedAt;
    private volatile long position;
    private volatile @Nullable Instant awaitsUntil;
    private @Nullable String aside;

    EventStream(Reader reader, AsyncAnswer answer, Instant now) {
        this.reader = reader;
        this.answer = answer;
        this.openedAt = now;
        this.position = reader.after();
        this.awaitsUntil = reader.awaitsUntil();
    }

    Reader reader() {
        return reader;
    }

    AsyncAnswer answer() {
        return answer;
    }

    /** Whether its reader is to show again that they may read it: a login may have ended. */
    boolean isOlderThan(Instant opened) {
        return openedAt.isBefore(opened);
    }

    /** Up to where it has what it should. */
    long position() {
        return position;
    }

    /** Everything up to here was looked at for it. */
    void passed(long upTo) {
        position = Math.max(position, upTo);
    }

    /** Lays an event ready if it is for this reader and they do not have it; nothing is written yet. */
    void offer(Frame frame, Instant now) {
        if (answer.isEnding() || frame.event().position() <= position) {
            return;
        }
        position = frame.event().position();
        if (reader.filter().matches(frame.event())) {
            answer.say(frame.bytes(), now);
            if (reader.endsWithJob()) {
                endsWith(frame.event(), now);
            }
        }
    }

    /** Lays what is in no feed ready, unless it was the last such thing. */
    void send(String frame, Instant now) {
        if (!answer.isEnding() && !frame.equals(aside)) {
            aside = frame;
            answer.say(Frame.bytes(frame), now);
        }
    }

    private void endsWith(FeedEvent event, Instant now) {
        if (event.endsTheStory()) {
            end(now);
        } else if (event.awaitsCauseUntil() != null) {
            awaitsUntil = event.awaitsCauseUntil();
        }
    }

    /** Ends a stream that has waited long enough for why its job failed. Whether it did. */
    boolean endWhenOverdue(Instant now) {
        Instant until = awaitsUntil;
        boolean isOverdue = until != null && !answer.isEnding() && !now.isBefore(until);
        if (isOverdue) {
            end(now);
        }
        return isOverdue;
    }

    /** Says that nothing more will come; the answer ends when the reader has taken it. */
    private void end(Instant now) {
        answer.say(Frame.bytes("event: end\ndata: {\"position\":" + position + "}\n\n"), now);
        answer.endWhenTaken();
    }
}
