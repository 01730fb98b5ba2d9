package io.slipway.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientException;

/** Whether a failure means that the database does not answer now, so that the same request may be sent again. */
public final class DatabaseAway {

    private static final int DEEPEST = 50;

    private DatabaseAway() {}

    public static boolean isCauseOf(Throwable failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < DEEPEST; depth++) {
            if (each instanceof SQLException problem && isAway(problem)) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }

    private static boolean isAway(SQLException problem) {
        if (problem instanceof SQLTransientException || problem instanceof SQLNonTransientConnectionException) {
            return true;
        }
        String state = problem.getSQLState();
        if (state == null) {
            // The pool's own words: while the service stops, and of a connection that it gave up after an earlier
            // failure.
            String message = String.valueOf(problem.getMessage());
            return message.contains("has been closed") || message.contains("Connection is closed");
        }
        return state.startsWith("08") // no connection
                || state.startsWith("57P") // it is being shut down, or not up yet
                || state.startsWith("53") // no more connections, no disk, no memory
                || state.startsWith("40") // a deadlock, which the other side won
                || state.equals("25P03") // the transaction was idle for too long
                || state.equals("90098") // H2: closed
                || state.equals("90121")
                || state.equals("90067");
    }
}
