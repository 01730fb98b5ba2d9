package io.slipway.submission;

import io.slipway.project.ArtifactId;
import io.slipway.project.ClusterPython;
import io.slipway.project.DriverHost;
import io.slipway.project.Finding;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import io.slipway.project.WorkFolder;
import io.slipway.project.analysis.InstalledPackages;
import io.slipway.project.analysis.SourceAnalysis;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was found in the sources of the last projects: whoever sends the same once more need not wait until python3 has read it again. */
final class RememberedAnalysis {

    private static final int MOST = 64;

    private static final String NOT_ALL = "not-analysed";

    private final SourceAnalysis analysis;
    private final Map<Question, List<Finding>> answers =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Question, List<Finding>> eldest) {
                    return size() > MOST;
                }
            });

    /** All that the answer depends on; values of variables and of settings are not among it. */
    private record Question(
            ArtifactId project,
            String entryPoint,
            Launch launch,
            List<String> handedRound,
            DriverHost driver,
            @Nullable ClusterPython python,
            InstalledPackages packages) {}

    RememberedAnalysis(SourceAnalysis analysis) {
        this.analysis = analysis;
    }

    List<Finding> of(
            ProjectArchive project,
            LaunchPlan plan,
            DriverHost driver,
            @Nullable ClusterPython python,
            InstalledPackages packages,
            WorkFolder work)
            throws IOException {
        Question question = new Question(
                project.id(),
                plan.entryPoint(),
                plan.launch(),
                SourceAnalysis.handedRound(plan),
                driver,
                python,
                packages);
        List<Finding> known = answers.get(question);
        if (known != null) {
            return known;
        }
        List<Finding> found = List.copyOf(analysis.of(project, plan, driver, python, packages, work.path()));
        if (found.stream().noneMatch(finding -> finding.code().equals(NOT_ALL))) {
            answers.put(question, found);
        }
        return found;
    }
}
