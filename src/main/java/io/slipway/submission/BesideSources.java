package io.slipway.submission;

import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import io.slipway.project.HoldingStream;
import io.slipway.project.WorkFolder;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.ConfigOverlay;
import io.slipway.project.archive.PackedEnvironment;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.spec.SpecField;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What came with a request beside a source, kept until the source is here: small configuration files with the wish itself, large ones and
 * a packed environment in the store, for their owner, as plans keep projects there.
 */
@Component
class BesideSources {

    /** All configuration files of one wish together. They lie in a row of the database until the job is queued. */
    private static final long MOST_BYTES = 1 << 20;

    private final PlannedProjects kept;
    private final StoredProjects stored;
    private final KnownEnvironments environments;
    private final Inspections inspections;
    private final ArchiveLimits limits;
    private final long mustStayFree;

    BesideSources(
            PlannedProjects kept,
            StoredProjects stored,
            KnownEnvironments environments,
            Inspections inspections,
            SubmissionSettings settings) {
        this.kept = kept;
        this.stored = stored;
        this.environments = environments;
        this.inspections = inspections;
        this.limits = settings.archiveLimits();
        this.mustStayFree = settings.mustStayFree();
    }

    /**
     * The configuration files of one wish.
     *
     * @param bundle the stored archive that holds their contents, in their order; {@code null} where they hold them themselves
     */
    record Configs(List<KeptConfig> files, @Nullable String bundle) {

        Configs {
            files = List.copyOf(files);
        }
    }

    /**
     * The same wish, its environment stored and named by its id.
     *
     * @throws io.slipway.project.InvalidProject when no Python can be started from it
     */
    SubmitJob withEnvironmentById(SubmitJob wanted) throws IOException {
        HeldBytes file = wanted.environment();
        if (file == null) {
            return wanted;
        }
        PackedEnvironment environment = PackedEnvironment.of(file, limits);
        ArtifactId id = environment.artifactId();
        kept.keep(wanted.owner(), List.of(ArtifactFile.environment(id, file)));
        environments.keep(id, environment);
        Map<String, List<String>> fields = new LinkedHashMap<>(wanted.fields());
        fields.put(SpecField.PYTHON_ENVIRONMENT.key(), List.of(environment.id()));
        return new SubmitJob(
                wanted.owner(),
                wanted.idempotencyKey(),
                wanted.project(),
                wanted.configs(),
                null,
                wanted.specJson(),
                fields);
    }

    /** @param work a folder of the request */
    Configs keep(SubmitJob wanted, WorkFolder work) throws IOException {
        List<KeptConfig> files = new ArrayList<>();
        long bytes = 0;
        for (ConfigOverlay config : wanted.configs()) {
            bytes += config.content().size() + config.path().length();
        }
        boolean areSmall = bytes <= MOST_BYTES;
        for (ConfigOverlay config : wanted.configs()) {
            files.add(new KeptConfig(config.path(), areSmall ? bytes(config.content()) : null));
        }
        return new Configs(files, areSmall ? null : bundle(wanted, work));
    }

    private static byte[] bytes(HeldBytes content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }

    private String bundle(SubmitJob wanted, WorkFolder work) throws IOException {
        HoldingStream zip = new HoldingStream(work, mustStayFree);
        try (ZipOutputStream archive = new ZipOutputStream(zip)) {
            for (int at = 0; at < wanted.configs().size(); at++) {
                archive.putNextEntry(new ZipEntry(name(at)));
                try (InputStream content = wanted.configs().get(at).content().open()) {
                    content.transferTo(archive);
                }
                archive.closeEntry();
            }
        }
        try (ProjectArchive archive = inspections.open(zip.held(), "configs.zip", List.of(), work)) {
            kept.keep(wanted.owner(), List.of(ArtifactFile.of(archive)));
            return archive.id().value();
        }
    }

    private static String name(int at) {
        return "config-" + at;
    }

    /** As they came. */
    List<ConfigOverlay> files(Configs configs, WorkFolder work) throws IOException {
        String bundle = configs.bundle();
        if (bundle == null) {
            List<ConfigOverlay> files = new ArrayList<>();
            for (KeptConfig config : configs.files()) {
                byte[] content = Optional.ofNullable(config.content()).orElseThrow();
                files.add(new ConfigOverlay(config.path(), HeldBytes.of(content, work)));
            }
            return files;
        }
        return unbundled(configs.files(), new ArtifactId(bundle), work);
    }

    private List<ConfigOverlay> unbundled(List<KeptConfig> files, ArtifactId bundle, WorkFolder folder)
            throws IOException {
        List<ConfigOverlay> laidOver = new ArrayList<>();
        try (ProjectArchive archive = inspections.stored(stored.copy(bundle, folder), List.of(), folder);
                ProjectArchive.Reader reader = archive.new Reader()) {
            for (int at = 0; at < files.size(); at++) {
                try (InputStream content =
                                Optional.ofNullable(reader.open(name(at))).orElseThrow();
                        HoldingStream file = new HoldingStream(folder, mustStayFree)) {
                    content.transferTo(file);
                    laidOver.add(new ConfigOverlay(files.get(at).path(), file.held()));
                }
            }
        }
        return laidOver;
    }
}
