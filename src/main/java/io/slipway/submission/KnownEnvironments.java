package io.slipway.submission;

import io.slipway.project.ArtifactId;
import io.slipway.project.archive.PackedEnvironment;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What was seen in the packed environments that are stored: they are too large to be looked into for every job that names one. */
@Component
class KnownEnvironments {

    private static final Logger log = LoggerFactory.getLogger(KnownEnvironments.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient database;

    KnownEnvironments(JdbcClient database) {
        this.database = database;
    }

    /** Empty also for one that was stored by an earlier version of the service. */
    Optional<PackedEnvironment> find(ArtifactId id) {
        return database.sql("select facts from packed_environment where artifact_id = ?")
                .param(id.value())
                .query(String.class)
                .optional()
                .flatMap(KnownEnvironments::read);
    }

    private static Optional<PackedEnvironment> read(String facts) {
        try {
            return Optional.of(JSON.readValue(facts, PackedEnvironment.class));
        } catch (JacksonException other) {
            log.debug("What another version wrote of a packed environment is not read", other);
            return Optional.empty();
        }
    }

    /** To be called when its file is stored. That it is not remembered costs findings, no more. */
    void keep(ArtifactId id, PackedEnvironment environment) {
        try {
            if (find(id).isEmpty()) {
                database.sql("insert into packed_environment (artifact_id, facts) values (?, ?)")
                        .params(id.value(), JSON.writeValueAsString(environment))
                        .update();
            }
        } catch (DataIntegrityViolationException known) {
            log.debug("Environment {} is known already, or is gone", id);
        }
    }
}
