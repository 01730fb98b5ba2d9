package io.slipway.submission;

import io.slipway.artifacts.Artifact;
import io.slipway.jobs.Owner;
import io.slipway.project.ArtifactId;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Projects, and their environments, that wait for a job: stored with a plan, each for the owner who sent it, and forgotten when they expire. */
@Component
class PlannedProjects {

    private final JdbcClient database;
    private final ArtifactStaging storage;
    private final Clock clock;
    private final PlanSettings settings;

    PlannedProjects(JdbcClient database, ArtifactStaging storage, Clock clock, PlanSettings settings) {
        this.database = database;
        this.storage = storage;
        this.clock = clock;
        this.settings = settings;
    }

    /** As a job does it: the reference first, then the bytes. Returns when the reference ends. */
    Instant keep(Owner owner, List<ArtifactFile> files) {
        Instant expiry = clock.instant().plus(settings.expiry());
        List<ArtifactFile> missing =
                storage.refer(files, unknown -> files.forEach(file -> refer(owner, file.id(), expiry)));
        try {
            storage.put(missing);
            storage.stored(missing);
            return expiry;
        } catch (IOException failure) {
            throw new StorageUnavailable("The project could not be stored: " + failure.getMessage(), failure);
        }
    }

    /** Keeps a project that is stored already. */
    void hold(Owner owner, ArtifactId projectId) {
        Instant expiry = clock.instant().plus(settings.expiry());
        storage.refer(
                List.of(new ArtifactFile(Artifact.Kind.PROJECT, projectId, 0, null)),
                missing -> refer(owner, projectId, expiry));
    }

    boolean has(Owner owner, ArtifactId artifactId) {
        return database.sql("select count(*) from stored_project where owner = ? and artifact_id = ? and"
                                + " expires_at > ?")
                        .params(owner.value(), artifactId.value(), Timestamp.from(clock.instant()))
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private void refer(Owner owner, ArtifactId projectId, Instant expiry) {
        // Under the artifact's lock, so that two requests never insert at once.
        int known = database.sql("update stored_project set expires_at = ? where owner = ? and artifact_id = ?")
                .params(Timestamp.from(expiry), owner.value(), projectId.value())
                .update();
        if (known == 0) {
            database.sql("insert into stored_project (owner, artifact_id, expires_at) values (?, ?, ?)")
                    .params(owner.value(), projectId.value(), Timestamp.from(expiry))
                    .update();
        }
    }

    /** Forgets what has expired; retention deletes what nobody refers to any more. */
    @Scheduled(fixedDelayString = "${slipway.submission.plans.sweep:10m}")
    void sweep() {
        database.sql("delete from stored_project where expires_at <= ?")
                .param(Timestamp.from(clock.instant()))
                .update();
    }
}
