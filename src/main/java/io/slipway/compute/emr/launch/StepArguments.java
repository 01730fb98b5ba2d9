package io.slipway.compute.emr.launch;

import io.slipway.compute.ProjectPiece;
import io.slipway.compute.emr.launch.JobRules.Container.Runtime;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import io.slipway.project.SparkResource;
import io.slipway.project.analysis.SparkFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a plan is spelled as {@code command-runner.jar}'s arguments: one {@code spark-submit}, or the program of ours that runs one on the
 * primary node. In layout unchanged nothing of a job's own arguments and environment is here: EMR shows a step's arguments to
 * everybody and YARN's shell rewrites them.
 */
public final class StepArguments {

    public static final String JAR = "command-runner.jar";

    /** EMR's limit for the strings of one step, in characters. */
    public static final int LONGEST = 10_240;

    /** What the unpacked project is called in each container. The hyphen keeps it from hiding, or being, anybody's package. */
    static final String ALIAS = "slipway-project";

    /** What the launch file is called there, whatever run it is of. */
    static final String LAUNCH_FILE = "slipway-launch.json";

    /** What a packed environment is called in each container, as in Spark's own documentation. */
    static final String ENVIRONMENT = "environment";

    private final LaunchPlan plan;
    private final String jobName;
    private final StepFiles files;
    private final JobRules rules;
    private final SplitProject split;
    private final SparkFiles sparkFiles;

    private StepArguments(
            LaunchPlan plan,
            String jobName,
            StepFiles files,
            JobRules rules,
            SplitProject split,
            SparkFiles sparkFiles) {
        this.plan = plan;
        this.jobName = jobName;
        this.files = files;
        this.rules = rules;
        this.split = split;
        this.sparkFiles = sparkFiles;
    }

    /** @param project its files, sorted; only layout split asks for them, and wildcards in paths */
    static StepArguments of(
            LaunchPlan plan, String jobName, StepFiles files, JobRules rules, List<ProjectFile> project) {
        return new StepArguments(
                plan,
                jobName,
                files,
                rules,
                SplitProject.of(plan, plan.launch().layout() == Layout.SPLIT ? project : List.of()),
                SparkFiles.of(plan).among(project));
    }

    /** Of the step. */
    List<String> arguments() {
        if (onPrimaryNode(plan, rules)) {
            return PrimaryNode.arguments(files, ExecutionRoles.of(plan, rules).isPresent());
        }
        List<String> arguments = new ArrayList<>(List.of("spark-submit"));
        arguments.addAll(submitOptions());
        if (plan.entry().isJar()) {
            arguments.addAll(List.of("--class", plan.entry().mainClass()));
        }
        if (plan.launch().layout() == Layout.SPLIT) {
            arguments.add(files.piece(split.entry()).toString());
            arguments.addAll(plan.arguments());
        } else {
            arguments.addAll(List.of(files.launcher().toString(), ALIAS, LAUNCH_FILE));
        }
        return arguments;
    }

    /** Whether a program of ours runs spark-submit there, instead of EMR itself. */
    static boolean onPrimaryNode(LaunchPlan plan, JobRules rules) {
        return switch (plan.launch().mode()) {
            case CLUSTER -> false;
            case CLIENT -> true;
            case CONTAINER -> rules.container().runtime() == Runtime.PRIMARY_NODE;
        };
    }

    /** Of the spark-submit, wherever it is run. */
    List<String> submitOptions() {
        boolean client = onPrimaryNode(plan, rules);
        SparkSubmit submit =
                new SparkSubmit(client ? "client" : "cluster", StepName.ofApplication(jobName, files.submissionKey()));
        if (!client) {
            // A driver that YARN starts a second time would be a second run.
            submit.conf("spark.yarn.maxAppAttempts", "1");
            submit.conf("spark.yarn.am.waitTime", DriverHosts.waitForContext(plan.timeout()));
        }
        submit.conf(rules.sparkConf()).conf(plan.sparkConf());
        if (!client) {
            // On the primary node spark-submit starts in the project's folder, where the paths mean what they say.
            submit.conf(sparkFiles.conf(files::resource));
        }
        if (plan.launch().layout() == Layout.SPLIT) {
            split(submit);
        } else {
            unchanged(submit);
        }
        files.environment()
                .ifPresent(uri -> submit.archive(uri, ENVIRONMENT)
                        .conf("spark.pyspark.python", "./" + ENVIRONMENT + "/bin/python"));
        return submit.conf(container())
                .conf("spark.yarn.tags", files.submissionKey().value())
                .options();
    }

    private void unchanged(SparkSubmit submit) {
        submit.archive(files.project(), ALIAS)
                // For executors, too: they are to see the job's environment.
                .file(files.launchFile() + "#" + LAUNCH_FILE)
                .file(files.daemon());
        if (rules.showsLive(plan) && !onPrimaryNode(plan, rules)) {
            submit.file(files.liveProgram());
        }
        submit.pythonPath("spark.executorEnv.PYTHONPATH", folders(ALIAS))
                // Functions that read the project's files do so on executors, too.
                .confUnlessSet("spark.python.daemon.module", files.daemonModule());
    }

    private void split(SparkSubmit submit) {
        split.files().forEach(piece -> submit.file(files.piece(piece) + "#" + piece.path()));
        if (plan.entry().isJar()) {
            return;
        }
        submit.pyFile(files.project());
        String zip = "{{PWD}}/" + files.projectName();
        List<String> below =
                folders(zip).stream().filter(folder -> !folder.equals(zip)).toList();
        submit.pythonPath("spark.yarn.appMasterEnv.PYTHONPATH", below)
                .pythonPath("spark.executorEnv.PYTHONPATH", below);
    }

    private Map<String, String> container() {
        return DockerOnYarn.image(plan, rules)
                .map(image -> DockerOnYarn.conf(image, rules.container().mounts()))
                .orElse(Map.of());
    }

    /** Lets the executors import what the driver imported, in its order: from beside the entry point, the root, what was named. */
    private List<String> folders(String root) {
        List<String> folders = new ArrayList<>();
        String folder = plan.entry().folder();
        if (!folder.isEmpty()) {
            folders.add(root + "/" + folder);
        }
        folders.add(root);
        plan.launch().python().path().stream()
                .filter(path -> !path.isEmpty())
                .forEach(path -> folders.add(root + "/" + path));
        return folders;
    }

    /** Files of the project that spark-submit is to find by themselves. */
    Stream<ProjectPiece> pieces() {
        Stream<ProjectPiece> resources = onPrimaryNode(plan, rules)
                ? Stream.of()
                : sparkFiles.ofProject().stream().map(this::piece);
        Stream<ProjectPiece> ofSplit =
                plan.launch().layout() == Layout.SPLIT ? split.pieces().map(this::piece) : Stream.of();
        return Stream.concat(ofSplit, resources);
    }

    private ProjectPiece piece(SparkFiles.Named named) {
        return new ProjectPiece(
                ResourceNames.artifact(plan.projectId(), named),
                ResourceNames.path(named),
                plan.fieldOf(named.resource().setting()));
    }

    private ProjectPiece piece(SplitProject.Piece piece) {
        return new ProjectPiece(piece.artifact(plan.projectId()), piece.path(), "layout");
    }

    /** Where files of the project are found once more since Spark settings name them, by their paths in the project. */
    Map<String, String> besideTheProject() {
        Map<String, String> beside = new HashMap<>();
        if (!onPrimaryNode(plan, rules)) {
            sparkFiles
                    .ofProject()
                    .forEach(named -> beside.merge(
                            ResourceNames.path(named), landing(named), (one, other) -> one + ", " + other));
        }
        return beside;
    }

    private String landing(SparkFiles.Named named) {
        return StepFiles.keepsItsName(named)
                ? named.landing()
                : ResourceNames.artifact(plan.projectId(), named).fileName();
    }

    /** What Spark puts into the driver's folder, beside the project. */
    List<String> landings() {
        return sparkFiles.all().stream()
                .filter(named -> named.resource() == SparkResource.FILES || named.resource() == SparkResource.ARCHIVES)
                .map(SparkFiles.Named::landing)
                .distinct()
                .toList();
    }

    public static int length(List<String> arguments) {
        return JAR.length() + arguments.stream().mapToInt(String::length).sum();
    }

    /** Whether the arguments of the job itself are seen by YARN's shell. */
    static boolean showsArguments(LaunchPlan plan, JobRules rules) {
        return plan.launch().layout() == Layout.SPLIT
                && (plan.launch().mode() == Mode.CLUSTER || !onPrimaryNode(plan, rules));
    }
}
