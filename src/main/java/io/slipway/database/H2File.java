package io.slipway.database;

import io.slipway.artifacts.OwnerOnly;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of an embedded database. H2 takes an empty file, and one that is damaged beyond its header, for a new database: jobs would be
 * gone without a word. A marker beside the file says that it is new, until its tables are there.
 */
final class H2File {

    private static final Logger log = LoggerFactory.getLogger(H2File.class);

    /** What H2 and we make; a copy that somebody keeps beside them is theirs. */
    private static final Set<String> OWN = Set.of(".mv.db", ".trace.db", ".beginning");

    private static final String PREFIX = "jdbc:h2:";
    private static final String CLOSE_ON_EXIT = "DB_CLOSE_ON_EXIT";

    private final Path file;
    private final Path marker;

    private H2File(String path) {
        this.file = Path.of(path + ".mv.db").toAbsolutePath().normalize();
        this.marker = Path.of(path + ".beginning").toAbsolutePath().normalize();
    }

    static boolean isEmbedded(String url) {
        String rest = rest(url).toLowerCase(Locale.ROOT);
        return url.startsWith(PREFIX) && !rest.startsWith("tcp:") && !rest.startsWith("ssl:");
    }

    /** None for a database in memory, or one in a file system of H2's own. */
    static Optional<H2File> of(String url) {
        String path = rest(url).split(";", 2)[0];
        if (path.startsWith("file:")) {
            path = path.substring("file:".length());
        } else if (path.matches("[a-zA-Z]{2,}:.*")) {
            return Optional.empty();
        }
        return Optional.of(
                new H2File(path.startsWith("~/") ? System.getProperty("user.home") + path.substring(1) : path));
    }

    private static String rest(String url) {
        return url.startsWith(PREFIX) ? url.substring(PREFIX.length()) : "";
    }

    /**
     * The URL with what an orderly stop needs: by default H2 closes the database as soon as the process is asked to end, while requests
     * are still being answered.
     */
    static String closedByUs(String url) {
        String settings = url.toUpperCase(Locale.ROOT);
        if (!settings.contains(";" + CLOSE_ON_EXIT + "=")) {
            return url + ";" + CLOSE_ON_EXIT + "=FALSE";
        }
        if (settings.contains(";" + CLOSE_ON_EXIT + "=TRUE")) {
            throw new IllegalStateException(
                    "spring.datasource.url: take ;DB_CLOSE_ON_EXIT=TRUE out of it. H2 would close"
                            + " the database before the requests that are under way are answered.");
        }
        return url;
    }

    /** Before it is opened. */
    void prepare() throws IOException {
        OwnerOnly.createFolders(file.resolveSibling(""));
        if (Files.exists(file) && Files.size(file) == 0) {
            if (!isNew()) {
                throw refused("is empty (0 bytes)");
            }
            Files.delete(file); // the service was killed in its first moment
        }
        if (Files.exists(file) && !isNew()) {
            requireContent();
        } else if (!isNew()) {
            Files.createFile(marker, OwnerOnly.file(marker));
        }
        tighten();
    }

    /** Once it is open; whoever could look at it meanwhile could look into its folder, too. */
    void tighten() throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.mv\\.db$", "");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(file.resolveSibling(""))) {
            for (Path each : files) {
                if (OWN.stream().anyMatch(ending -> each.endsWith(name + ending)) && Files.isRegularFile(each)) {
                    tighten(each);
                }
            }
        }
    }

    /** On volumes whose files belong to another user, modes are that user's business. */
    private static void tighten(Path file) {
        try {
            OwnerOnly.tighten(file);
        } catch (IOException refused) {
            log.warn("{} may be readable by others: its mode cannot be changed ({}).", file, refused.toString());
        }
    }

    /**
     * Looks for reading alone: what H2 writes while it opens a file that it takes for new would be the end of what can still be saved of
     * it.
     */
    private void requireContent() throws IOException {
        try (MVStore store =
                new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
            if (store.getMapNames().isEmpty()) {
                throw refused(Files.size(file));
            }
        } catch (MVStoreException unreadable) {
            // Opening it says what is wrong with it, and cannot harm what is not even readable.
            log.debug("{} cannot be looked into", file, unreadable);
        }
    }

    /** @param history in which Flyway keeps what it has done */
    void requireOurTables(Connection open, String history) throws SQLException, IOException {
        if (isNew()) {
            return;
        }
        try (ResultSet tables = open.getMetaData().getTables(null, null, history, null)) {
            if (!tables.next()) {
                throw refused(Files.size(file));
            }
        }
    }

    private IllegalStateException refused(long bytes) {
        return refused("(" + bytes + " bytes) holds no tables of Slipway");
    }

    /** Its tables are there. */
    void hasBegun() throws IOException {
        Files.deleteIfExists(marker);
    }

    private boolean isNew() {
        return Files.exists(marker);
    }

    /** What to do about a file that cannot be used. */
    IllegalStateException refused(String what) {
        return new IllegalStateException("The database file " + file + " " + what
                + ". Put a copy of it from a backup in its place; to begin without jobs, move it away.");
    }
}
