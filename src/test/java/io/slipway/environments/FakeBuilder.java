package io.slipway.environments;

import io.slipway.compute.ClusterTraits;
import io.slipway.project.requirements.Requirements;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A builder in memory, whose builds end when a test says so. */
public final class FakeBuilder implements EnvironmentBuilder, EnvironmentBuilder.Remains {

    private final Map<String, BuildReport> builds = new HashMap<>();
    private final List<String> cancelled = new ArrayList<>();
    private final Set<String> own = new HashSet<>();
    private String python = "3.11.7";
    private @Nullable String cannot;
    private @Nullable String machine;
    private String platform = "here";
    private boolean broken;
    private boolean busy;

    public List<String> started() {
        return builds.keySet().stream().sorted().toList();
    }

    public List<String> cancelled() {
        return cancelled;
    }

    public void end(String intent, BuildReport report) {
        builds.put(intent, report);
    }

    /** Starts that throw although nothing was begun. */
    public void broken(boolean now) {
        broken = now;
    }

    public void python(String version) {
        python = version;
    }

    /** Lines that the interpreter satisfies by itself. */
    public void has(String line) {
        own.add(line);
    }

    /** Whether a build would have to wait. */
    public void busy(boolean now) {
        busy = now;
    }

    /** Where the name of the cluster leads from now on. */
    public void leadsTo(@Nullable String id, String release) {
        machine = id;
        platform = release;
    }

    /** From now on nothing can be built there. */
    public void cannot(String why) {
        cannot = why;
    }

    public void clear() {
        busy = false;
        cannot = null;
        machine = null;
        platform = "here";
        own.clear();
        builds.clear();
        cancelled.clear();
        broken = false;
        python = "3.11.7";
    }

    @Override
    public boolean buildsFor(ClusterTraits cluster) {
        return true;
    }

    @Override
    public BuildSite site(String cluster, @Nullable String pythonVersion, @Nullable Requirements wanted)
            throws CannotBuild {
        if (cannot != null) {
            throw new CannotBuild(cannot);
        }
        boolean complete = wanted != null && own.containsAll(wanted.lines());
        return new BuildSite(
                "/usr/bin/python3", python, platform, "pip 1", complete, busy ? null : new BuildSite.Machine(machine));
    }

    @Override
    public void start(BuildOrder order) throws IOException {
        if (broken) {
            throw new IOException("no answer");
        }
        builds.putIfAbsent(order.ref().intent(), BuildReport.BUILDING);
    }

    @Override
    public BuildReport look(BuildRef build) {
        return builds.getOrDefault(build.intent(), BuildReport.ABSENT);
    }

    @Override
    public BuiltEnvironment take(BuildRef build) {
        return new BuiltEnvironment(
                "venv:" + build.intent(), null, 1234, 5.5, List.of(new InstalledPackage("numpy", "2.0")), python);
    }

    @Override
    public Remains remains() {
        return this;
    }

    @Override
    public void cancel(BuildRef build) {
        cancelled.add(build.intent());
    }

    @Override
    public InputStream log(BuildRef build, long offset) {
        return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public void taken(BuildRef build) {}

    @Override
    public void remove(BuildRef build) {
        builds.remove(build.intent());
    }
}
