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
    private final IndexReach reach;
    private final EnvironmentsSettings settings;

    RequirementsReading(
            EnvironmentBuilders builders, EnvironmentChanges changes, IndexReach reach, EnvironmentsSettings settings) {
        this.builders = builders;
        this.changes = changes;
        this.reach = reach;
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
     * Empty for a project that needs nothing, whose needs nobody asked for, or where a file that nobody named cannot be taken.
     *
     * @throws InvalidProject when a file that was named asks for what cannot be installed there
     */
    public Optional<Read> of(ProjectArchive project, JobSpec spec, ClusterTraits cluster) throws IOException {
        Launch.Python python = spec.program().launch().python();
        if (python.requirements() != null && !python.found()) {
            return named(python.requirements(), project, cluster);
        }
        Optional<String> found = found(project, spec, cluster);
        try {
            return found.isEmpty() ? Optional.empty() : read(found.get(), project);
        } catch (InvalidProject notTaken) {
            // Nobody named it: the project may run without, as it would where nothing is built. The findings say why.
            return Optional.empty();
        }
    }

    private Optional<Read> named(String file, ProjectArchive project, ClusterTraits cluster) throws IOException {
        if (Launch.Python.NO_REQUIREMENTS.equals(file)) {
            return Optional.empty();
        }
        String why = whyNot(cluster);
        if (why != null) {
            throw refused(why);
        }
        return read(file, project);
    }

    /** A spec that was resolved before names what was found then. */
    private Optional<String> found(ProjectArchive project, JobSpec spec, ClusterTraits cluster) {
        if (!isHonoured(spec, cluster) || whyNot(cluster) != null) {
            return Optional.empty();
        }
        return Optional.ofNullable(spec.program().launch().python().requirements())
                .or(() -> RequirementFiles.usual(project));
    }

    private Optional<Read> read(String file, ProjectArchive project) throws IOException {
        Requirements read = RequirementFiles.read(project, file, settings.rules());
        if (read.lines().stream().mapToInt(String::length).sum() > LONGEST) {
            throw refused(file + " names more than %,d characters of packages and hashes".formatted(LONGEST));
        }
        boolean anything = read.lines().stream().anyMatch(line -> !line.startsWith("--"));
        return anything ? Optional.of(new Read(file, read)) : Optional.empty();
    }

    /** What lies at the project's root as if it were to be installed, and is not, as far as that is known now. */
    public List<Finding> findings(ProjectArchive project, JobSpec spec, ClusterTraits cluster) throws IOException {
        Optional<String> file = RequirementFiles.usual(project);
        if (file.isEmpty() || spec.program().launch().python().requirements() != null || brings(spec)) {
            return List.of();
        }
        return finding(file.get(), project, spec, cluster).map(List::of).orElse(List.of());
    }

    private Optional<Finding> finding(String file, ProjectArchive project, JobSpec spec, ClusterTraits cluster)
            throws IOException {
        String why = whyNot(cluster);
        if (why != null) {
            return Optional.of(notInstalled(
                    file,
                    "What this file names is not installed: " + why.split("; ", 2)[0] + ".",
                    "See that the cluster has it, or pack an environment and send it as pythonEnvironment."));
        }
        if (!isHonoured(spec, cluster)) {
            return Optional.of(notInstalled(
                    file,
                    "What this file names is not installed, since nobody asked for it.",
                    "Name it: -F requirements=" + file + "."));
        }
        boolean namesAnything;
        try {
            namesAnything = read(file, project).isPresent();
        } catch (InvalidProject notTaken) {
            return Optional.of(
                    notInstalled(
                            file,
                            "What this file names is not installed, and the job runs with the cluster's own packages: "
                                    + notTaken.getMessage(),
                            "Mend the file, or name another one (-F requirements=…); requirements=none says that nothing is to be installed."));
        }
        return namesAnything && reach.isAway(cluster.name())
                ? Optional.of(
                        notInstalled(
                                file,
                                "What this file names is not installed: a short time ago the index of packages could not be reached"
                                        + " from cluster " + cluster.name()
                                        + ". The job runs with the cluster's own packages.",
                                "Name it, for a job that waits until it is installed: -F requirements=" + file
                                        + ". Whoever runs the service can name an index that can be reached,"
                                        + " slipway.environments.index-url; requirements=none says that nothing is to be installed."))
                : Optional.empty();
    }

    private static Finding notInstalled(String file, String what, String wayOut) {
        return new Finding("requirements-not-installed", Finding.Severity.INFO, file, 1, what, wayOut);
    }

    private static boolean brings(JobSpec spec) {
        Launch launch = spec.program().launch();
        return launch.python().environment() != null || launch.container() != null;
    }

    /** @return the id under which a job refers to it */
    public String store(Requirements requirements) {
        return changes.store(requirements);
    }

    /** Whether a file is installed that nobody named. */
    private static boolean isHonoured(JobSpec spec, ClusterTraits cluster) {
        return cluster.requirements() == ClusterTraits.Requirements.AUTO && !brings(spec);
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
