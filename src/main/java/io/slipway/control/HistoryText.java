package io.slipway.control;

import io.slipway.jobs.JobEvent;
import io.slipway.jobs.Note;
import io.slipway.jobs.Reason;
import io.slipway.jobs.feed.FeedEvent;
import org.jspecify.annotations.Nullable;

/** The sentences of a job's history, the same at all doors. */
public final class HistoryText {

    private HistoryText() {}

    public static @Nullable String of(JobEvent event) {
        return of(event.note(), event.message());
    }

    public static @Nullable String of(FeedEvent.Change change) {
        return of(change.data() == null ? null : change.data().note(), change.message());
    }

    /** @param message what is written in the line itself: a reason, or what a cluster or an earlier version of Slipway said */
    private static @Nullable String of(@Nullable Note note, @Nullable String message) {
        if (note == null) {
            return message;
        }
        String sentence = sentence(note);
        return message == null ? sentence : Reason.cut(message + " " + sentence, Reason.LONGEST);
    }

    private static String sentence(Note note) {
        return switch (note.what()) {
            case FETCH_BEGUN -> "Its project is being fetched from " + note.value("source") + ".";
            case ENVIRONMENT_AWAITED -> "It waits for its Python environment, " + note.value("environment") + ".";
            case ENVIRONMENT_READY -> "Its Python environment is ready.";
            case ENVIRONMENT_OUTLIVED ->
                "Its cluster is another one now, of another release or of other processors than its Python environment "
                        + note.value("environment") + " was built for. It gets another environment.";
            case REQUIREMENTS_THERE -> "The Python that it runs in has all that it requires; nothing is installed.";
            case REQUIREMENTS_LEFT_OUT ->
                ("It runs with the cluster's own packages: what " + note.value("file")
                                + " names, which nobody asked for, is not installed. " + note.value("why"))
                        .strip();
            case STOP_REQUESTED -> "It is being stopped.";
            case WITHDRAWN ->
                note.is("hadBegun")
                        ? "It had just begun when it was taken back, so that a cleanup step could go first. It is sent"
                                + " again; no attempt is counted."
                        : "It was taken back before it began, so that a cleanup step could go first. It is sent again,"
                                + " before the jobs behind it.";
            case APPLICATION_FOUND ->
                "Attempt " + note.value("attempt") + " is YARN application " + note.value("application") + ".";
            case PROGRAM_ENDED ->
                "The driver says that the program has ended"
                        + (note.value("exitCode").isEmpty() ? "." : " with exit code " + note.value("exitCode") + ".");
            case DRIVER_SILENT ->
                "The driver of attempt " + note.value("attempt")
                        + " has said nothing for some minutes. The cluster is asked how the run is.";
            case CAUSE_NOT_FOUND -> "The logs say nothing more about why attempt " + note.value("attempt") + " failed.";
            case CLEANUP_AWAITED -> cleanup(note);
            case LEFT_FOR_GOOD -> "Its application may still run on the cluster; cleanup steps are turned off.";
            case LEFTOVER_ENDED -> "What the run had left on the cluster has ended.";
            case LEFTOVER_NOT_ENDED ->
                "What the run may have left on the cluster could not be ended by step " + note.value("step") + ": "
                        + note.value("failure");
        };
    }

    private static String cleanup(Note note) {
        String sentence = note.is("startsAgain")
                ? "It is started again when a cleanup step has made sure that nothing of this run still runs."
                : "Its application may still run on the cluster; a cleanup step is to end it.";
        String before = note.value("runsBefore");
        return before.isEmpty() || before.equals("0")
                ? sentence
                : sentence + " It has to wait for " + before + (before.equals("1") ? " step" : " steps")
                        + " of others: Slipway takes back nothing but its own.";
    }
}
