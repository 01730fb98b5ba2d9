package io.slipway;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * Fresh, empty databases of the two kinds that Slipway runs on. PostgreSQL is the real server, started once per JVM on a free port of
 * the loopback interface and stopped with the JVM; each call makes a database of its own in it.
 *
 * <p>A suite that must hold on both is an abstract class with {@link PersistenceTest} on it and two subclasses, one {@link OnH2} and one
 * {@link OnPostgres}.
 */
public final class Databases {

    private Databases() {}

    /** An H2 database in memory that lives as long as the JVM. */
    public static Database h2() {
        return new Database("jdbc:h2:mem:" + name() + ";DB_CLOSE_DELAY=-1", "sa", "");
    }

    /** An H2 database in a file, as the service itself uses it by default. */
    public static Database h2(Path folder) {
        return new Database("jdbc:h2:file:" + folder.resolve("slipway").toAbsolutePath() + ";WRITE_DELAY=0", "sa", "");
    }

    /** A database in the PostgreSQL server of this JVM. */
    public static Database postgres() {
        EmbeddedPostgres server = Server.STARTED;
        String name = name();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new Database("jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name, "postgres", "postgres");
    }

    /** Empties tables, whatever refers to them. */
    static void empty(JdbcTemplate jdbc, List<String> tables) {
        String names = tables.stream().map(table -> '"' + table + '"').collect(Collectors.joining(", "));
        jdbc.execute((ConnectionCallback<Void>) connection -> {
            try (Statement statement = connection.createStatement()) {
                if (connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
                    statement.execute("truncate " + names);
                    return null;
                }
                statement.execute("set referential_integrity false");
                for (String table : tables) {
                    statement.execute("truncate table \"" + table + '"');
                }
                statement.execute("set referential_integrity true");
            }
            return null;
        });
    }

    private static String name() {
        return "test_" + UUID.randomUUID().toString().replace('-', '_');
    }

    /** Where to connect and as whom. */
    public record Database(String url, String user, String password) {

        /** Makes it the application's data source. */
        public void configure(DynamicPropertyRegistry properties) {
            properties.add("spring.datasource.url", this::url);
            properties.add("spring.datasource.username", this::user);
            properties.add("spring.datasource.password", this::password);
        }

        /** As above, of a context that has not begun. */
        void configure(ConfigurableApplicationContext context) {
            TestPropertyValues.of(
                            "spring.datasource.url=" + url,
                            "spring.datasource.username=" + user,
                            "spring.datasource.password=" + password)
                    .applyTo(context);
        }
    }

    private static final class Server {

        private static final EmbeddedPostgres STARTED = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        // Root and another user who run the tests on one machine cannot share a folder.
                        .setOverrideWorkingDirectory(new File(
                                System.getProperty("java.io.tmpdir"), "embedded-pg-" + System.getProperty("user.name")))
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        // Nothing that a test writes has to survive the machine.
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "200")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
