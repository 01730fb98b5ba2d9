package io.slipway.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.MutableClock;
import io.slipway.PersistenceTest;
import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.Artifacts;
import io.slipway.artifacts.ReferredArtifacts;
import io.slipway.jobs.Owner;
import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Projects that came with plans, on both kinds of database. */
@PersistenceTest
@org.springframework.context.annotation.Import(ReferredArtifacts.class)
abstract class PlannedProjectsContract {

    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

    private final MutableClock clock = new MutableClock(NOW);
    private final NotingStore store = new NotingStore();

    @TempDir
    private Path root;

    @Autowired
    private JdbcClient database;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private ReferredArtifacts referred;

    @Autowired
    private PlatformTransactionManager transactions;

    private PlannedProjects kept;

    @BeforeEach
    void arrange() {
        PlanSettings settings =
                new PlanSettings(Duration.ofHours(24), "python3", Duration.ofSeconds(20), 1, Duration.ofMinutes(10));
        ArtifactStaging storage = new ArtifactStaging(artifacts, referred, store, transactions, clock);
        kept = new PlannedProjects(database, storage, clock, settings);
    }

    @Test
    void aProjectCanBeNamedByItsOwnerAloneUntilItExpires() throws IOException {
        try (ProjectArchive project = project("print(1)\n")) {
            assertThat(kept.keep(new Owner("ann"), List.of(ArtifactFile.of(project))))
                    .isEqualTo(NOW.plus(Duration.ofHours(24)));

            assertThat(store.names()).containsExactly(ArtifactName.project(project.id()));
            assertThat(kept.has(new Owner("ann"), project.id())).isTrue();
            assertThat(kept.has(new Owner("bob"), project.id())).isFalse();
            clock.advance(Duration.ofHours(25));
            assertThat(kept.has(new Owner("ann"), project.id())).isFalse();
        }
    }

    @Test
    void anotherPlanOfTheSameProjectKeepsItLonger() throws IOException {
        try (ProjectArchive project = project("print(2)\n")) {
            kept.keep(new Owner("ann"), List.of(ArtifactFile.of(project)));
            clock.advance(Duration.ofHours(20));
            kept.keep(new Owner("ann"), List.of(ArtifactFile.of(project)));
            clock.advance(Duration.ofHours(20));
            kept.sweep();

            assertThat(kept.has(new Owner("ann"), project.id())).isTrue();
            assertThat(artifacts.isReferenced(project.id())).isTrue();
        }
    }

    @Test
    void anEnvironmentIsKeptWithItsProject() throws IOException {
        Path file = Files.writeString(root.resolve("env.tar.gz"), "packed");
        ArtifactId id = new ArtifactId("e".repeat(64));
        try (ProjectArchive project = project("print(4)\n")) {
            kept.keep(
                    new Owner("ann"),
                    List.of(ArtifactFile.of(project), ArtifactFile.environment(id, HeldBytes.of(file))));

            assertThat(store.names()).contains(ArtifactName.environment(id));
            assertThat(kept.has(new Owner("ann"), id)).isTrue();
            assertThat(artifacts.isReferenced(id)).isTrue();
            store.delete(ArtifactName.environment(id));
            clock.advance(Duration.ofDays(1));
            assertThatThrownBy(() -> kept.keep(
                            new Owner("ann"), List.of(ArtifactFile.of(project), ArtifactFile.environment(id, null))))
                    .isInstanceOf(UnknownReference.class)
                    .hasMessageContaining("not stored any more");
        }
    }

    @Test
    void whatExpiredIsForgotten() throws IOException {
        try (ProjectArchive project = project("print(3)\n")) {
            kept.keep(new Owner("ann"), List.of(ArtifactFile.of(project)));
            clock.advance(Duration.ofHours(25));
            kept.sweep();

            assertThat(artifacts.isReferenced(project.id())).isFalse();
        }
    }

    private ProjectArchive project(String source) throws IOException {
        Path file = Files.writeString(root.resolve("main.py"), source);
        return ProjectArchive.read(file, "main.py", List.of(), ArchiveLimits.DEFAULTS, root);
    }
}
