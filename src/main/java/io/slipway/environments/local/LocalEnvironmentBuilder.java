package io.slipway.environments.local;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.ClusterTraits;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.environments.BuildJson;
import io.slipway.environments.BuildOrder;
import io.slipway.environments.BuildRef;
import io.slipway.environments.BuildReport;
import io.slipway.environments.BuildResult;
import io.slipway.environments.BuildSite;
import io.slipway.environments.BuiltEnvironment;
import io.slipway.environments.CannotBuild;
import io.slipway.environments.EnvironmentBuilder;
import io.slipway.environments.EnvironmentsSettings;
import io.slipway.project.requirements.Requirements;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Virtual environments in folders of this machine, each built in the folder where it stays. All that is known of a build is in its folder,
 * so a restart of the service is no event for it.
 */
final class LocalEnvironmentBuilder implements EnvironmentBuilder {

    /** As the spec of a run names an environment of this machine. */
    private static final String LOCATION = "venv:";

    /** Whoever installs another Python does not have to restart the service. */
    private static final Duration HOLDS = Duration.ofMinutes(1);

    private final BuilderProgram program;
    private final Path folder;
    private final ArtifactStore store;
    private final EnvironmentsSettings settings;
    private final LocalEnvironmentsSettings login;
    private final Clock clock;
    private final Map<String, Probed> probed = new ConcurrentHashMap<>();
    private final OwnPackages own;

    LocalEnvironmentBuilder(
            BuilderProgram program,
            Path folder,
            ArtifactStore store,
            EnvironmentsSettings settings,
            LocalEnvironmentsSettings login,
            Clock clock) {
        this.program = program;
        this.folder = folder;
        this.store = store;
        this.settings = settings;
        this.login = login;
        this.clock = clock;
        this.own = new OwnPackages(program, folder, clock);
    }

    /** What was learned of the machine, and when. */
    private record Probed(Answer answer, Instant at) {}

    private record Answer(
            @Nullable String problem,
            @Nullable String python,
            @Nullable String version,
            @Nullable String pip,
            @Nullable String machine,
            @Nullable String spark) {

        BuildSite site(String builder, boolean complete) {
            return new BuildSite(
                    String.valueOf(python),
                    String.valueOf(version),
                    "this machine, " + machine + (spark == null ? "" : ", Spark in " + spark),
                    "pip " + pip + ", builder " + builder,
                    complete);
        }
    }

    @Override
    public boolean buildsFor(ClusterTraits cluster) {
        return cluster.runsHere();
    }

    /** Who names an index wants what is there: the machine's own packages are enough where nobody has. */
    @Override
    public BuildSite site(String cluster, @Nullable String pythonVersion, @Nullable Requirements wanted)
            throws CannotBuild {
        Answer answer = probe(pythonVersion);
        boolean complete = wanted != null && settings.indexUrl() == null && own.have(wanted, pythonVersion);
        return answer.site(program.version(), complete);
    }

    private Answer probe(@Nullable String pythonVersion) throws CannotBuild {
        String key = Objects.requireNonNullElse(pythonVersion, "");
        Probed known = probed.get(key);
        if (known == null || clock.instant().isAfter(known.at().plus(HOLDS))) {
            known = new Probed(ask(pythonVersion), clock.instant());
            probed.put(key, known);
        }
        String problem = known.answer().problem();
        if (problem != null) {
            throw new CannotBuild(problem);
        }
        return known.answer();
    }

    private Answer ask(@Nullable String pythonVersion) {
        Map<String, String> question = pythonVersion == null ? Map.of() : Map.of("version", pythonVersion);
        try {
            String answer = program.ask("probe", folder, JsonMapper.shared().writeValueAsString(question));
            return JsonMapper.shared().readValue(answer, Answer.class);
        } catch (IOException | JacksonException silent) {
            throw new ComputeUnavailable(
                    "Python was not found on this machine, or did not answer: " + silent.getMessage(), silent);
        }
    }

    @Override
    public void start(BuildOrder order) throws IOException {
        BuildFolder build = build(order.ref());
        if (build.isStarted()) {
            return;
        }
        Answer answer;
        try {
            answer = probe(order.pythonVersion());
        } catch (CannotBuild gone) {
            throw new IOException(gone.getMessage(), gone);
        }
        build.create();
        ProjectWheels.extract(store, order.projectId(), order.requirements(), build.path());
        Map<String, @Nullable Object> json =
                BuildJson.of(order.requirements(), false, settings.allowSdists(), settings);
        json.put("python", answer.python());
        json.put("version", answer.version());
        json.put("spark", answer.spark());
        build.order(JsonMapper.shared().writeValueAsString(json));
        program.start(build.path(), logins());
    }

    private String logins() {
        if (login.user() == null || login.password() == null || settings.indexUrl() == null) {
            return "";
        }
        List<Map<String, String>> logins = Stream.concat(
                        Stream.of(settings.indexUrl()), settings.extraIndexUrls().stream())
                .map(url -> String.valueOf(URI.create(url).getHost()))
                .distinct()
                .map(host -> Map.of("host", host, "user", login.user(), "password", login.password()))
                .toList();
        return JsonMapper.shared().writeValueAsString(logins);
    }

    @Override
    public BuildReport look(BuildRef ref) throws IOException {
        BuildFolder build = build(ref);
        if (!build.isStarted()) {
            return BuildReport.ABSENT;
        }
        // The result comes before the lock is let go: asked in the other order, an end in between would look like a
        // loss.
        boolean alive = build.isAlive();
        byte[] result = build.result();
        if (result != null) {
            return BuildResult.of(result).report();
        }
        return alive ? BuildReport.BUILDING : BuildReport.lost("The builder was ended before it was done.");
    }

    /** It lies where it stays. What runs may see of it they cannot change by mistake. */
    @Override
    public BuiltEnvironment take(BuildRef ref) throws IOException, CannotBuild {
        BuildFolder build = build(ref);
        byte[] bytes = build.result();
        if (bytes == null) {
            throw new IOException("there is no result in " + build.path());
        }
        BuildResult result = BuildResult.of(bytes);
        if (!Files.isExecutable(build.python())) {
            throw new CannotBuild("The environment has no bin/python.");
        }
        build.protect();
        return new BuiltEnvironment(
                LOCATION + ref.intent(),
                null,
                result.unpacked(),
                result.seconds(),
                result.packages(),
                String.valueOf(result.python()));
    }

    @Override
    public Remains remains() {
        return new LocalRemains(folder);
    }

    private BuildFolder build(BuildRef ref) {
        return BuildFolder.of(folder, ref.intent());
    }
}
