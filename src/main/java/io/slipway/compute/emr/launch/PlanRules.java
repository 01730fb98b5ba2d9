package io.slipway.compute.emr.launch;

import io.slipway.compute.emr.client.Glob;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.Launch;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a cluster has against a plan: its own rules, and what could not be started, followed or stopped there. */
final class PlanRules {

    // The paths become part of an environment variable, which YARN writes into a shell script.
    private static final Pattern UNSAFE_PATH = Pattern.compile("[:$`\"\\\\{}<>\\p{Cntrl}]");

    // Seen by YARN's shell; everything else of an argument arrives as it is.
    private static final Pattern MANGLED = Pattern.compile("\\{\\{|}}|[`\\\\]|<CPS>");

    private static final Pattern QUOTED = Pattern.compile("[\\s\"'$`\\\\]");

    private static final Pattern JAVA_OPTIONS = Pattern.compile("spark\\..*(?:extraJavaOptions|defaultJavaOptions)");

    /** Variables that YARN itself knows in a container may be meant. */
    private static final Pattern BRACES =
            Pattern.compile("\\{\\{(?!(?:PWD|HOME|USER|LOGNAME|JAVA_HOME|CONTAINER_ID|LOCAL_DIRS|LOG_DIRS"
                    + "|[A-Z]+_(?:HOME|CONF_DIR))}})|<CPS>");

    private static final String EXECUTOR_VARIABLE = "spark.executorEnv.";

    private PlanRules() {}

    /** One line for each thing at fault; empty for a plan that can be started. */
    static List<Detail> objections(LaunchPlan plan, JobRules rules, List<ProjectFile> project, StepArguments step) {
        List<Detail> objections = new ArrayList<>(SparkConfRules.objections(plan, rules));
        Launch launch = plan.launch();
        mode(launch.mode(), rules).ifPresent(objections::add);
        image(launch, rules).ifPresent(objections::add);
        role(launch, rules).ifPresent(objections::add);
        unsafePath("entryPoint", plan.entry().folder()).ifPresent(objections::add);
        launch.python().path().forEach(path -> unsafePath("pythonPath", path).ifPresent(objections::add));
        jar(plan).ifPresent(objections::add);
        if (launch.layout() == Layout.SPLIT) {
            objections.addAll(SplitProject.objections(plan, project));
            environment(plan, rules).ifPresent(objections::add);
        }
        if (objections.isEmpty()) {
            length(plan, step).ifPresent(objections::add);
        }
        return objections;
    }

    /** What may go wrong in this cluster's hands. */
    static List<Finding> findings(LaunchPlan plan, JobRules rules, List<ProjectFile> project, List<String> arguments) {
        List<Finding> findings = new ArrayList<>(RelativePaths.findings(plan, project));
        if (StepArguments.showsArguments(plan, rules)) {
            plan.arguments().stream()
                    .filter(argument -> MANGLED.matcher(argument).find())
                    .forEach(argument -> findings.add(Finding.warning(
                            "argument-mangled",
                            null,
                            "Argument " + (plan.arguments().indexOf(argument) + 1)
                                    + " has {{, }}, a backtick or a backslash, which YARN's shell changes on the way.",
                            "Use layout unchanged, where arguments travel in a file.")));
        }
        javaOptions(plan).forEach(findings::add);
        unseenByExecutors(plan, rules).ifPresent(findings::add);
        if (rules.live() && plan.launch().layout() == Layout.SPLIT) {
            findings.add(new Finding(
                    "no-live-output",
                    Finding.Severity.INFO,
                    null,
                    null,
                    "In layout split what the program prints is seen when EMR has shipped it, some minutes late:"
                            + " nothing of Slipway runs beside the program.",
                    "Use layout unchanged to see it within seconds."));
        }
        if (!plan.launch().results().isEmpty() && !rules.showsLive(plan)) {
            findings.add(Finding.warning(
                    "no-results",
                    null,
                    "The results are not kept: nothing of Slipway runs beside the program in layout split, with live:"
                            + " false, or where the cluster has jobs.live off.",
                    "Use layout unchanged and live output, or write them to S3 yourself."));
        }
        boolean quotedAgain = ExecutionRoles.of(plan, rules).isPresent() && !StepArguments.onPrimaryNode(plan, rules);
        if (quotedAgain
                && arguments.stream()
                        .anyMatch(argument -> QUOTED.matcher(argument).find())) {
            findings.add(Finding.warning(
                    "runtime-role-quoting",
                    null,
                    "A Spark setting or argument holds a blank or quote, and with a runtime role EMR reads a step's"
                            + " arguments through a shell once more.",
                    "Put such values into a file of the project."));
        }
        return findings;
    }

    private static Stream<Finding> javaOptions(LaunchPlan plan) {
        return plan.sparkConf().entrySet().stream()
                .filter(setting -> JAVA_OPTIONS.matcher(setting.getKey()).matches()
                        && BRACES.matcher(setting.getValue()).find())
                .map(setting -> Finding.warning(
                        "java-options-mangled",
                        null,
                        "sparkConf: " + setting.getKey()
                                + " has {{ }}, which YARN takes for the name of a variable when it starts a container.",
                        "Put the value into a file of the project, or write it without {{ }}."));
    }

    /** Where the arguments are seen, variables are refused; elsewhere the driver gets them, and the driver alone. */
    private static Optional<Finding> unseenByExecutors(LaunchPlan plan, JobRules rules) {
        if (plan.launch().layout() != Layout.SPLIT || StepArguments.showsArguments(plan, rules)) {
            return Optional.empty();
        }
        List<String> unseen = plan.environment().keySet().stream()
                .filter(name -> !plan.sparkConf().containsKey(EXECUTOR_VARIABLE + name)
                        && !rules.sparkConf().containsKey(EXECUTOR_VARIABLE + name))
                .sorted()
                .toList();
        return unseen.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.warning(
                        "environment-on-driver-alone",
                        null,
                        "In layout split executors do not see the job's environment: " + String.join(", ", unseen)
                                + ".",
                        "Use layout unchanged, where they do. What is no secret can be set for them in sparkConf, as "
                                + EXECUTOR_VARIABLE + unseen.get(0) + ", which Spark shows to everybody."));
    }

    private static Optional<Detail> mode(Mode mode, JobRules rules) {
        return rules.allowModes().contains(mode)
                ? Optional.empty()
                : objection(
                        "mode",
                        "Mode " + mode.name().toLowerCase(Locale.ROOT)
                                + " is off on this cluster; whoever runs the service can put it into its"
                                + " jobs.allow-modes.");
    }

    private static Optional<Detail> jar(LaunchPlan plan) {
        boolean isPlain =
                plan.launch().layout() == Layout.SPLIT && plan.launch().mode() == Mode.CLUSTER;
        return plan.entry().isJar() && !isPlain
                ? objection(
                        "entryPoint",
                        "A class of a jar is started by spark-submit itself: use layout split and mode cluster.")
                : Optional.empty();
    }

    private static Optional<Detail> image(Launch launch, JobRules rules) {
        Launch.Container container = launch.container();
        if (container == null) {
            return Optional.empty();
        }
        if (new Registries(rules.container().registries()).allow(container.image())) {
            return Optional.empty();
        }
        return objection(
                "container.image",
                container.image()
                        + " is from none of the registries that this cluster allows (jobs.container.registries): "
                        + listed(rules.container().registries()) + ".");
    }

    private static Optional<Detail> role(Launch launch, JobRules rules) {
        String wanted = launch.executionRole();
        Optional<String> role = Optional.ofNullable(wanted).or(() -> Optional.ofNullable(rules.executionRole()));
        if (role.isPresent() && launch.mode() == Mode.CONTAINER) {
            return objection(
                    "executionRole", "EMR does not support runtime roles (" + role.get() + ") in mode container.");
        }
        boolean allowed = wanted == null
                || wanted.equals(rules.executionRole())
                || rules.allowExecutionRoles().stream().anyMatch(pattern -> Glob.matches(pattern, wanted));
        return allowed
                ? Optional.empty()
                : objection(
                        "executionRole",
                        wanted + " is not allowed on this cluster (jobs.allow-execution-roles): "
                                + listed(rules.allowExecutionRoles()) + ".");
    }

    private static Optional<Detail> unsafePath(String field, String path) {
        return UNSAFE_PATH.matcher(path).find()
                ? objection(
                        field,
                        "The folder " + path + " has a character that YARN's start script would change"
                                + " (one of : $ ` \" \\ { } < >). Rename the folder.")
                : Optional.empty();
    }

    private static Optional<Detail> environment(LaunchPlan plan, JobRules rules) {
        return plan.environment().isEmpty() || !StepArguments.showsArguments(plan, rules)
                ? Optional.empty()
                : objection(
                        "environment",
                        "In layout split the values would stand in the step's arguments, which everybody who may look"
                                + " at the cluster can read. Use layout unchanged.");
    }

    private static Optional<Detail> length(LaunchPlan plan, StepArguments step) {
        int length = StepArguments.length(step.arguments());
        if (length <= StepArguments.LONGEST) {
            return Optional.empty();
        }
        boolean split = plan.launch().layout() == Layout.SPLIT;
        return objection(
                split ? "layout" : "sparkConf",
                "The step would have %,d characters of arguments and EMR takes %,d: %s"
                        .formatted(
                                length,
                                StepArguments.LONGEST,
                                split
                                        ? "use layout unchanged, where the number of files and arguments does not"
                                                + " matter."
                                        : "make sparkConf shorter."));
    }

    private static String listed(List<String> allowed) {
        return allowed.isEmpty() ? "none is" : String.join(", ", allowed);
    }

    private static Optional<Detail> objection(String field, String message) {
        return Optional.of(new Detail(field, message));
    }
}
