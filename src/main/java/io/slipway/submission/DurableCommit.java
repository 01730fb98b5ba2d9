package io.slipway.submission;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.stereotype.Component;

/**
 * Makes what was committed survive a power cut. PostgreSQL does so by itself; H2 hands a commit to the operating system (with {@code
 * WRITE_DELAY=0}, without which start-up refuses it) and forces it to the disk only when asked.
 */
@Component
class DurableCommit {

    private final JdbcClient database;
    private final SharedWork together = new SharedWork(this::checkpoint);
    private final boolean onlyWhenAsked;

    DurableCommit(DataSource dataSource) throws MetaDataAccessException {
        this.database = JdbcClient.create(dataSource);
        String url = JdbcUtils.extractDatabaseMetaData(dataSource, metaData -> metaData.getURL());
        this.onlyWhenAsked = url.startsWith("jdbc:h2:");
        if (url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:h2:mem:")) {
            requireNoWriteDelay();
        }
    }

    private void checkpoint() {
        database.sql("checkpoint sync").update();
    }

    private void requireNoWriteDelay() {
        // Asked from the database, not read from the URL: settings can come by other ways.
        List<Integer> delays = database.sql(
                        "select setting_value from information_schema.settings where setting_name = 'WRITE_DELAY'")
                .query(Integer.class)
                .list();
        if (delays.isEmpty() || delays.stream().anyMatch(delay -> delay != 0)) {
            throw new IllegalStateException(
                    "spring.datasource.url: an H2 database must carry ;WRITE_DELAY=0, else H2 acknowledges"
                            + " a commit up to half a second before it is on disk and jobs that were accepted can be lost.");
        }
    }

    /** Returns when what the caller has committed is on the disk. All that wait while one write is forced share the next one. */
    void sync() {
        if (onlyWhenAsked) {
            together.run();
        }
    }
}
