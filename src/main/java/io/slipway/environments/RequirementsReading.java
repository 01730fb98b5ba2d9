package io.slipway.environments;

import io.slipway.compute.ClusterTraits;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.JobSpec;
import io.slipway.project.Launch;
import io.slipway.project.analysis.InstalledPackages;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.requirements.RequirementFiles;
import io.slipway.project.requirements.Requirements;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What a submission's project wants to have installed, under the rules of its cluster. */
@Component
public class RequirementsReading {

    private static final int LONGEST = 900_000;

    private final EnvironmentBuilders builders;
    private final EnvironmentChanges changes;
    private final EnvironmentsSettings settings;

    RequirementsReading(EnvironmentBuilders builders, EnvironmentChanges changes, EnvironmentsSettings settings) {
        this.builders = builders;
        this.changes = changes;
        this.settings = settings;
    }

    /**
     * @param file by its path in the project
     * @param requirements never empty of lines
     */
    public record Read(String file, Requirements requirements) {

        public InstalledPackages packages() {
            return InstalledPackages.required(file, requirements.packages(), requirements.isComplete());
        }
    }

    /**
     * Empty for a project that needs nothing, or whose needs nobody asked for.
     *
     * @throws InvalidProject when it asks for what cannot be installed there
     */
    public Optional<Read> of(ProjectArchive project, JobSpec spec, ClusterTraits cluster) throws IOException {
        Optional<String> file = file(project, spec, cluster);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Requirements read = RequirementFiles.read(project, file.get(), settings.rules());
        if (read.lines().stream().mapToInt(String::length).sum() > LONGEST) {
            throw refused(file.get() + " names more than %,d characters of packages and hashes".formatted(LONGEST));
        }
        boolean anything = read.lines().stream().anyMatch(line -> !line.startsWith("--"));
        return anything ? Optional.of(new Read(file.get(), read)) : Optional.empty();
    }

    /** What lies at the project's root as if it were to be installed, and is not. */
    public List<Finding> findings(ProjectArchive project, JobSpec spec, ClusterTraits cluster) {
        Launch launch = spec.program().launch();
        boolean said = launch.python().requirements() != null
                || launch.python().environment() != null
                || launch.container() != null;
        String why = whyNot(cluster);
        if (said || why == null && isAutomatic(cluster)) {
            return List.of();
        }
        return RequirementFiles.usual(project)
                .map(
                        file -> new Finding(
                                "requirements-not-installed",
                                Finding.Severity.INFO,
                                file,
                                1,
                                "What this file names is not installed"
                                        + (why == null
                                                ? ", since nobody asked for it."
                                                : ": " + why.split("; ", 2)[0] + "."),
                                why == null
                                        ? "Name it: -F requirements=" + file + "."
                                        : "See that the cluster has it, or pack an environment and send it as pythonEnvironment."))
                .map(List::of)
                .orElse(List.of());
    }

    /** @return the id under which a job refers to it */
    public String store(Requirements requirements) {
        return changes.store(requirements);
    }

    private Optional<String> file(ProjectArchive project, JobSpec spec, ClusterTraits cluster) {
        Launch launch = spec.program().launch();
        String named = launch.python().requirements();
        if (Launch.Python.NO_REQUIREMENTS.equals(named)) {
            return Optional.empty();
        }
        String why = whyNot(cluster);
        if (named != null) {
            if (why != null) {
                throw refused(why);
            }
            return Optional.of(named);
        }
        boolean brings = launch.python().environment() != null || launch.container() != null;
        boolean honoured = isAutomatic(cluster) && why == null && !brings;
        return honoured ? RequirementFiles.usual(project) : Optional.empty();
    }

    /**
     * Not before somebody has said where packages come from: a machine without a way to the public index would run nothing any more that
     * has a requirements.txt, although its Python may have all of it.
     */
    private boolean isAutomatic(ClusterTraits cluster) {
        return cluster.requirements() == ClusterTraits.Requirements.AUTO && settings.indexUrl() != null;
    }

    private @Nullable String whyNot(ClusterTraits cluster) {
        if (cluster.requirements() == ClusterTraits.Requirements.DENIED) {
            return "cluster " + cluster.name()
                    + " installs no requirements (jobs.requirements: denied); send a pythonEnvironment";
        }
        if (builders.of(cluster).isEmpty()) {
            return "no environments are built for cluster " + cluster.name()
                    + "; pack one with venv-pack or conda-pack on the cluster's release and send it as pythonEnvironment";
        }
        return null;
    }

    private static InvalidProject refused(String why) {
        return new InvalidProject(
                Problem.NOT_ALLOWED,
                Character.toUpperCase(why.charAt(0)) + why.substring(1) + ".",
                List.of(new Detail(RequirementFiles.FIELD, why)));
    }
}
