package io.slipway.submission;

import io.slipway.jobs.JobSource;
import io.slipway.project.ArtifactId;
import io.slipway.project.archive.LeftOut;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which project came out of which version of a source. That somebody may have it is not written here: it is asked anew, of the allow list
 * and of the source itself, whenever the source is named.
 */
@Component
class KnownSources {

    private static final Logger log = LoggerFactory.getLogger(KnownSources.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient database;
    private final Clock clock;

    KnownSources(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What the stored project cannot say of the source. */
    record Details(String name, List<LeftOut> leftOut) {}

    record Known(ArtifactId projectId, Details details) {}

    private record Row(String artifactId, String name, String leftOut) {}

    /** @param folder of the source, which is the project; empty for all of it */
    Optional<Known> find(JobSource source, String folder) {
        return database.sql("select artifact_id, name, left_out from source_version where id = ?")
                .param(id(source, folder))
                .query(Row.class)
                .optional()
                .map(row -> new Known(
                        new ArtifactId(row.artifactId()), new Details(row.name(), LeftOutFiles.read(row.leftOut()))));
    }

    /** To be called when the project is stored. That it is not remembered costs a fetch, no more. */
    void keep(JobSource source, String folder, ArtifactId projectId, Details details) {
        try {
            database.sql("insert into source_version (id, artifact_id, name, left_out, fetched_at) values (?, ?, ?,"
                            + " ?, ?)")
                    .params(
                            id(source, folder),
                            projectId.value(),
                            details.name(),
                            JSON.writeValueAsString(LeftOutFiles.capped(details.leftOut())),
                            Timestamp.from(clock.instant()))
                    .update();
        } catch (DataIntegrityViolationException known) {
            log.debug("{} in its version {} is known already, or its project is gone", source.uri(), source.version());
        }
    }

    /** Where what it named is gone from the store. */
    void forget(JobSource source, String folder) {
        database.sql("delete from source_version where id = ?")
                .param(id(source, folder))
                .update();
    }

    /** Of a version of a source, or of one folder of it. */
    static String id(JobSource source, String folder) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            // Neither the URI nor the version has a line break.
            String text = source.uri() + "\n" + source.version() + (folder.isEmpty() ? "" : "\n" + folder);
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
