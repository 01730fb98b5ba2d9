package io.slipway.chaos;

import io.slipway.Databases;
import io.slipway.Databases.Database;
import io.slipway.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Replicas of the real jar on one PostgreSQL. */
final class Replicas implements AutoCloseable {

    private final Database database = Databases.postgres();
    private final List<ServiceProcess> all = new ArrayList<>();

    ServiceProcess add(Path jar, Path home, List<String> settings) throws IOException {
        List<String> complete = new ArrayList<>(settings);
        complete.add("spring.datasource.url=" + database.url());
        complete.add("spring.datasource.username=" + database.user());
        complete.add("spring.datasource.password=" + database.password());
        complete.add("spring.datasource.hikari.maximum-pool-size=8");
        ServiceProcess replica = new ServiceProcess(jar, home, complete.toArray(String[]::new));
        all.add(replica);
        return replica;
    }

    void start() throws IOException {
        for (ServiceProcess replica : all) {
            replica.launch();
        }
        all.forEach(ServiceProcess::awaitHealthy);
    }

    ServiceProcess any() {
        return all.get((int) ((System.nanoTime() >>> 10) % all.size()));
    }

    /** Whoever wrote the latest intent. */
    ServiceProcess leader() {
        String sender =
                ask("select sender from run order by intent_at desc limit 1").orElse("");
        return all.stream()
                .filter(replica -> sender.startsWith(replica.pid() + "@"))
                .findFirst()
                .orElse(all.get(0));
    }

    /** Whose the lease is now, under the name that it has among the locks; empty when it is nobody's. */
    Optional<String> leaseholder() {
        return ask("select client_id from int_lock where expired_after > now() at time zone 'UTC'");
    }

    private Optional<String> ask(String query) {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Stream<String> printed() {
        return all.stream().map(replica -> {
            try {
                return "---- " + replica.log() + "\n" + Files.readString(replica.log());
            } catch (IOException e) {
                return e.toString();
            }
        });
    }

    @Override
    public void close() throws InterruptedException {
        for (ServiceProcess replica : all) {
            replica.close();
        }
    }
}
