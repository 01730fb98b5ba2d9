package io.slipway.compute.local;

import io.slipway.compute.LaunchPreview;
import io.slipway.compute.PlannedRun;
import io.slipway.compute.Preview;
import io.slipway.compute.ProjectPiece;
import io.slipway.compute.RunOrder;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.DriverHost;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import io.slipway.project.analysis.SparkFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a plan becomes on this machine: one process in a folder of its own, whatever the layout. */
final class LocalPreview implements LaunchPreview {

    private final Launchers launchers;

    LocalPreview(Launchers launchers) {
        this.launchers = launchers;
    }

    @Override
    public Preview preview(RunOrder run, List<ProjectFile> project) {
        return preview(run.jobName(), run.plan(), project);
    }

    /** Here everything lies in the run's folder. */
    @Override
    public List<ProjectPiece> pieces(LaunchPlan plan, List<ProjectFile> project) {
        return List.of();
    }

    /** By the name of the run's folder alone: the folders above it may be links. */
    @Override
    public Optional<String> pathInProject(RunOrder run, String path) {
        String folder = "/" + run.run().submissionKey() + "/project/";
        int at = path.indexOf(folder);
        return at >= 0
                ? Optional.of(path.substring(at + folder.length()))
                : Optional.of(path).filter(relative -> relative.endsWith(".py") && !relative.startsWith("/"));
    }

    @Override
    public Preview preview(String jobName, LaunchPlan plan, List<ProjectFile> project) {
        SparkFiles files = SparkFiles.of(plan);
        List<Detail> problems = new ArrayList<>(problems(plan));
        problems.addAll(files.problems(plan, project));
        List<Finding> findings = new ArrayList<>(files.findings(plan));
        List<String> words = List.of();
        try {
            PlannedRun run = new PlannedRun(new SubmissionKey("preview"), jobName, plan);
            words = launchers.lastFound().command(run, Path.of("."));
        } catch (CannotRun nothing) {
            findings.add(Finding.warning(
                    "cluster-unavailable",
                    null,
                    String.valueOf(nothing.getMessage()),
                    "Correct it on the machine of the service."));
        }
        return new Preview(words, Preview.line(words), Map.of(), problems, findings, DriverHost.PROCESS);
    }

    static List<Detail> problems(LaunchPlan plan) {
        Launch launch = plan.launch();
        List<Detail> problems = new ArrayList<>();
        if (launch.mode() == Launch.Mode.CONTAINER) {
            problems.add(new Detail("mode", "A local cluster runs projects as processes, not in containers."));
        }
        String environment = launch.python().environment();
        if (environment != null && !BuiltPython.isOne(environment)) {
            problems.add(new Detail(
                    "pythonEnvironment",
                    "A local cluster runs projects with this machine's Python and unpacks no environments."));
        }
        if (plan.entry().isJar()) {
            problems.add(new Detail("entryPoint", "A local cluster runs programs in Python, no classes of a jar."));
        }
        if (launch.executionRole() != null) {
            problems.add(new Detail("executionRole", "A local cluster has no IAM roles. Leave it out there."));
        }
        return problems;
    }
}
