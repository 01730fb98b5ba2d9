package io.slipway.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@Tag("full")
class H2CompactionTest {

    private static final int ROWS = 3_000;

    @TempDir
    private Path folder;

    @Test
    void aQuietDatabaseBecomesSmallAndKeepsItsRows() throws Exception {
        try (Connection connection = open(folder)) {
            create(connection);
            insert(connection, 0, ROWS);
            long grown = size();

            becomeOld(connection);
            H2Compaction compaction = compaction(connection);
            for (int turn = 0; turn < 30; turn++) {
                compaction.turn();
            }

            assertThat(grown / ROWS).as("what a row costs while rows come").isGreaterThan(10_000);
            assertThat(size() / ROWS).as("and when none come any more").isLessThan(1_000);
            assertThat(count(connection)).isEqualTo(ROWS);
        }
        try (Connection again = open(folder)) {
            assertThat(count(again)).isEqualTo(ROWS);
        }
    }

    /** H2 alone would leave for 45 seconds what was written last. */
    @Test
    void itIsSmallSecondsAfterTheLastRow() throws Exception {
        try (Connection connection = open(folder)) {
            create(connection);
            insert(connection, 0, ROWS);
            H2Compaction compaction = compaction(connection);
            Thread.sleep(Duration.ofSeconds(3).toMillis());
            for (int turn = 0; turn < 30; turn++) {
                compaction.turn();
            }
            assertThat(size() / ROWS).isLessThan(1_000);
            assertThat(count(connection)).isEqualTo(ROWS);
        }
    }

    @Test
    void aCommitThatComesMeanwhileWaitsForOnePieceAlone() throws Exception {
        try (Connection connection = open(folder);
                Connection other = open(folder)) {
            create(connection);
            insert(connection, 0, ROWS);
            long grown = size();
            becomeOld(connection);
            H2Compaction compaction = compaction(connection);
            AtomicBoolean done = new AtomicBoolean();
            Thread compacting = new Thread(() -> {
                try {
                    while (!done.get()) {
                        compaction.turn();
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            compacting.start();
            long longest = 0;
            for (int row = ROWS; row < ROWS + 100; row++) {
                long began = System.nanoTime();
                insert(other, row, row + 1);
                longest = Math.max(longest, System.nanoTime() - began);
            }
            done.set(true);
            compacting.join();
            // All of the compaction takes much longer; a piece is a few forced writes.
            assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(1));
            assertThat(size()).isLessThan(grown / 4);
            assertThat(count(connection)).isEqualTo(ROWS + 100);
        }
    }

    @Test
    void aDatabaseInMemoryIsLeftAlone() throws SQLException {
        new H2Compaction(new DriverManagerDataSource("jdbc:h2:mem:", "sa", "")).turn();
    }

    /** Whatever was committed is there when the process was killed while it compacted. */
    @RepeatedTest(3)
    void aKillWhileItCompactsLosesNothing() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WritesAndCompacts.class.getName(),
                        folder.toString())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        int committed = 0;
        try (BufferedReader said = process.inputReader(StandardCharsets.US_ASCII)) {
            int last = 400 + (int) (Math.random() * 400);
            while (committed < last) {
                String line = said.readLine();
                assertThat(line).as(Files.readString(folder.resolve("errors"))).isNotNull();
                committed = Integer.parseInt(line);
            }
            process.destroyForcibly().waitFor();
        } finally {
            process.destroyForcibly();
        }
        try (Connection connection = open(folder)) {
            assertThat(count(connection)).isGreaterThanOrEqualTo(committed);
        }
    }

    /** Runs in a process of its own: one thread writes, one compacts. */
    static final class WritesAndCompacts {

        public static void main(String[] args) throws SQLException {
            Path folder = Path.of(args[0]);
            Connection connection = open(folder);
            create(connection);
            insert(connection, 0, 300);
            becomeOld(connection);
            H2Compaction compaction = compaction(connection);
            Thread compacting = new Thread(() -> {
                try {
                    while (true) {
                        compaction.turn();
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            compacting.start();
            Connection other = open(folder);
            for (int row = 300; true; row++) {
                insert(other, row, row + 1);
                System.out.println(row + 1);
            }
        }
    }

    private static H2Compaction compaction(Connection connection) {
        return new H2Compaction(new SingleConnectionDataSource(connection, true), 64 * 1024);
    }

    /** As the service opens it. */
    private static Connection open(Path folder) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:h2:file:" + folder.resolve("jobs") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE", "sa", "");
    }

    /** For 45 seconds H2 writes over nothing, since a disk may take that long by itself to write what it was given. */
    private static void becomeOld(Connection connection) throws SQLException {
        connection.createStatement().execute("set retention_time 0");
    }

    private static void create(Connection connection) throws SQLException {
        connection
                .createStatement()
                .execute("create table job (id int primary key, name varchar, created_at timestamp, body varchar)");
        connection.createStatement().execute("create index job_name on job (name)");
        connection.createStatement().execute("create index job_created on job (created_at, id)");
    }

    private static void insert(Connection connection, int from, int to) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into job values (?, ?, current_timestamp, repeat('x', 200))")) {
            for (int row = from; row < to; row++) {
                insert.setInt(1, row);
                insert.setString(2, "job-" + row * 31 % 1000);
                insert.executeUpdate();
            }
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (ResultSet rows = connection
                .createStatement()
                .executeQuery("select count(*) from job where body = repeat('x', 200) and name is not null")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private long size() throws Exception {
        return Files.size(folder.resolve("jobs.mv.db"));
    }
}
