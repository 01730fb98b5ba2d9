package io.slipway.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections that wait for the server as long as their thread may. A server that is there but does not answer (it is paused, or the
 * network swallows everything) would hold a thread for ever. The pool takes the limit off again when the connection comes back.
 */
final class PatientDataSource extends DelegatingDataSource {

    private static final long LEAST = 500;

    private volatile boolean started;

    PatientDataSource(DataSource pool) {
        super(pool);
    }

    /** Until then tables are made and changed, which takes as long as it takes. */
    void started() {
        started = true;
    }

    @Override
    public Connection getConnection() throws SQLException {
        long began = System.nanoTime();
        Connection connection = super.getConnection();
        if (started) {
            Duration left = Patience.ofThisThread().minusNanos(System.nanoTime() - began);
            connection.setNetworkTimeout(Runnable::run, (int) Math.max(LEAST, left.toMillis()));
        }
        return connection;
    }
}
