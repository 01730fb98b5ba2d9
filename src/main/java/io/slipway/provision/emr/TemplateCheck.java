package io.slipway.provision.emr;

import io.slipway.compute.emr.client.Release;
import io.slipway.compute.emr.client.ReleaseFacts;
import io.slipway.provision.emr.EmrTemplate.Fleet;
import io.slipway.provision.emr.EmrTemplate.Fleets;
import io.slipway.provision.emr.EmrTemplate.Group;
import io.slipway.provision.emr.EmrTemplate.Groups;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong with a template, one sentence for each fault, and what a person should know of one that is not wrong. */
final class TemplateCheck {

    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._\\[\\],<>=!~*+-]{0,200}");
    private static final Pattern SUBNET = Pattern.compile("subnet-[0-9a-f]{4,40}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final EmrTemplate template;
    private final List<String> faults = new ArrayList<>();

    private TemplateCheck(EmrTemplate template) {
        this.template = template;
    }

    static List<String> faults(EmrTemplate template) {
        TemplateCheck check = new TemplateCheck(template);
        check.name();
        check.release();
        check.hardware();
        check.lifetime();
        check.access();
        check.configurations();
        return check.faults;
    }

    private void name() {
        if (!NAME.matcher(template.cluster()).matches()) {
            fault(
                    "",
                    " cannot be the name of a cluster that is made to order: use up to 100 letters, digits and . _ -");
        }
    }

    private void release() {
        String label = template.software().release();
        if (label == null) {
            fault(".release", " is missing; it is a release such as emr-7.14.0.");
            return;
        }
        Optional<Release> release = Release.of(label);
        if (release.isEmpty()) {
            fault(".release", " is " + label + ", which is no EMR release such as emr-7.14.0 or emr-spark-8.0.0.");
            return;
        }
        if (release.get().isBefore(5, 30)
                || (release.get().major() == 6 && release.get().minor() == 0)) {
            fault(
                    ".release",
                    " is " + label
                            + "; a cluster that is made to order needs 5.30 or newer, and not 6.0: older ones cannot"
                            + " end by themselves when idle, and their Python is too old for the programs on the primary node.");
            return;
        }
        if (template.access().cloudwatchLogs() && release.get().isBefore(7, 11)) {
            fault(".cloudwatch-logs", " needs emr-7.11.0 or newer; the release is " + label + ".");
        }
        python(label, ReleaseFacts.of(release.get()));
    }

    private void python(String label, Optional<ReleaseFacts> facts) {
        String version = template.software().python().version();
        if (version != null && !version.matches("3\\.\\d{1,2}")) {
            fault(".python.version", " is " + version + "; it is a version such as \"3.11\".");
        } else if (version != null
                && facts.isPresent()
                && !facts.get().pythons().contains(version)) {
            fault(
                    ".python.version",
                    " is " + version + ", which " + label + " cannot have; it has "
                            + String.join(", ", facts.get().pythons()) + ".");
        }
        template.software().python().packages().stream()
                .filter(each -> !PACKAGE.matcher(each).matches())
                .forEach(each ->
                        fault(".python.packages", " has '" + each + "', which is no package such as numpy==2.1.3."));
    }

    private void hardware() {
        Groups groups = template.hardware().instances();
        Fleets fleets = template.hardware().fleets();
        if ((groups == null) == (fleets == null)) {
            fault("", " needs either instances or fleets.");
        }
        if (groups != null) {
            groups(groups);
        }
        if (fleets != null) {
            fleets(fleets);
        }
        EmrTemplate.Scaling scaling = template.hardware().managedScaling();
        if (scaling != null && (scaling.min() < 1 || scaling.max() < scaling.min())) {
            fault(
                    ".managed-scaling",
                    " goes from " + scaling.min() + " to " + scaling.max()
                            + "; min is at least 1, and max at least min.");
        }
    }

    private void groups(Groups groups) {
        if (groups.primary() == null) {
            fault(".instances.primary", " is missing; it is the type of the primary node, such as m7g.xlarge.");
        }
        group("core", groups.core());
        group("task", groups.task());
        if (groups.core().count() == 0 && groups.task().count() > 0) {
            fault(".instances.task", " needs core nodes beside it.");
        }
    }

    private void group(String role, Group group) {
        if (group.count() < 0 || group.count() > 2_000) {
            fault(".instances." + role + ".count", " is " + group.count() + "; a group has 0 to 2000 instances.");
        }
        if (group.count() > 0 && group.type() == null) {
            fault(".instances." + role + ".type", " is missing.");
        }
    }

    private void fleets(Fleets fleets) {
        Fleet primary = fleets.primary();
        if (primary.types().isEmpty() || primary.onDemand() + primary.spot() != 1) {
            fault(".fleets.primary", " needs types, and on-demand: 1 or spot: 1.");
        }
        for (Fleet fleet : List.of(fleets.core(), fleets.task())) {
            String role = fleet == fleets.core() ? "core" : "task";
            if (fleet.onDemand() < 0 || fleet.spot() < 0) {
                fault(".fleets." + role, " has a capacity below 0.");
            }
            if (fleet.onDemand() + fleet.spot() > 0 && fleet.types().isEmpty()) {
                fault(".fleets." + role + ".types", " is missing.");
            }
        }
    }

    private void lifetime() {
        EmrTemplate.Lifetime lifetime = template.lifetime();
        between(".step-concurrency", lifetime.stepConcurrency(), 256);
        between(".most", lifetime.most(), 100);
        between(".idle-timeout", lifetime.idleTimeout(), Duration.ofMinutes(1), Duration.ofDays(7));
        between(".longest-life", lifetime.longestLife(), Duration.ofMinutes(10), Duration.ofDays(60));
        between(".boot-limit", lifetime.bootLimit(), Duration.ofMinutes(5), Duration.ofHours(6));
    }

    private void between(String setting, int value, int most) {
        if (value < 1 || value > most) {
            fault(setting, " is " + value + "; it is 1 to " + most + ".");
        }
    }

    private void between(String setting, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            fault(setting, " is " + value + "; it is " + least + " to " + most + ".");
        }
    }

    private void access() {
        template.access().subnetIds().stream()
                .filter(id -> !SUBNET.matcher(id).matches())
                .forEach(id -> fault(".subnet-ids", " has '" + id + "', which is no subnet such as subnet-0abc12."));
        String logUri = template.access().logUri();
        if (logUri != null && !logUri.startsWith("s3://")) {
            fault(".log-uri", " is " + logUri + "; it is a folder such as s3://my-logs/emr/.");
        }
        template.access().tags().keySet().stream()
                .filter(key -> key.startsWith("slipway:") || key.startsWith("aws:"))
                .forEach(key -> fault(".tags", " has " + key + "; keys that begin with slipway: or aws: are taken."));
        if (template.software().bootstrapActions().size() > 15) {
            fault(".bootstrap-actions", " are more than 15; EMR takes 16, and one is ours.");
        }
        template.software().bootstrapActions().stream()
                .filter(action -> action.path() == null)
                .forEach(action -> fault(".bootstrap-actions", " has one without a path."));
    }

    private void configurations() {
        try {
            Classifications.read(template.software().configurations());
        } catch (IllegalArgumentException e) {
            fault(".configurations", " " + e.getMessage());
        }
    }

    private void fault(String setting, String words) {
        faults.add("slipway.clusters." + template.cluster() + ".emr.template" + setting + words);
    }

    /** @param translated what was said otherwise than EMR takes it */
    static List<String> warnings(EmrTemplate template, List<String> translated) {
        List<String> warnings = new ArrayList<>(translated);
        @Nullable String label = template.software().release();
        if (Release.of(label).flatMap(ReleaseFacts::of).isEmpty()) {
            warnings.add("Release " + label
                    + " is newer than what Slipway knows: its Python and its Spark are not checked.");
        }
        if (template.software().maximizeResourceAllocation() && template.hasFleets()) {
            warnings.add(
                    "maximize-resource-allocation on fleets: EMR sizes executors by one of the instance types, and AWS"
                            + " advises against it.");
        }
        if (template.software().maximizeResourceAllocation()
                && template.lifetime().stepConcurrency() > 1) {
            warnings.add("maximize-resource-allocation gives one job the whole cluster, so with step-concurrency "
                    + template.lifetime().stepConcurrency() + " the others wait for it.");
        }
        List<String> packages = template.software().python().packages();
        if (Boolean.TRUE.equals(template.software().arrow())
                && packages.stream().noneMatch(each -> each.startsWith("pyarrow"))) {
            warnings.add("arrow needs pyarrow in the Python of each job: add it to python.packages, or to the jobs' own"
                    + " environments.");
        }
        if (template.access().logUri() == null) {
            warnings.add("Without log-uri nobody can read why a job or a bootstrap action failed.");
        }
        return warnings;
    }
}
