package io.slipway.submission;

import io.slipway.compute.Preview;
import io.slipway.project.Finding;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.WorkFolder;
import io.slipway.project.analysis.LfsPointers;
import io.slipway.project.analysis.PlanFindings;
import io.slipway.project.analysis.SecretFiles;
import io.slipway.project.analysis.SourceAnalysis;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.spec.SpecFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/** All that is looked at before a job is accepted; nothing is written but in the work folder. */
@Component
class Preparation {

    private final ReceivedProjects received;
    private final SubmissionValidator checks;
    private final PlannedProjects kept;
    private final RememberedAnalysis analysis;

    Preparation(ReceivedProjects received, SubmissionValidator checks, PlannedProjects kept, PlanSettings plans) {
        this.kept = kept;
        this.received = received;
        this.checks = checks;
        this.analysis = new RememberedAnalysis(
                new SourceAnalysis(plans.python(), plans.analysisTimeout(), new Semaphore(plans.maxAnalyses(), true)));
    }

    /** A wish that can become a job, with its project in hand. */
    record Prepared(ReceivedProject sent, ProjectArchive project, ValidatedSubmission checked)
            implements AutoCloseable {

        Submitted accepted(Acceptance acceptance) {
            Submitted submitted = acceptance.accept(checked);
            sent.stored(project);
            return submitted;
        }

        @Override
        public void close() throws IOException {
            sent.close();
            project.close();
        }
    }

    /** Refuses what cannot become a job. The caller closes what comes back. */
    Prepared of(SubmitJob wanted, WorkFolder work) throws IOException {
        ReceivedProject sent = received.of(wanted, work);
        try {
            keepBase(wanted, sent);
            return checked(wanted, sent, work);
        } catch (IOException | RuntimeException refused) {
            sent.close();
            throw refused;
        }
    }

    /** With configuration files over it the job's project is another one: what was fetched is stored without them, too, for whoever wants it next. */
    private void keepBase(SubmitJob wanted, ReceivedProject sent) throws IOException {
        if (sent.isWorthKeeping() && !wanted.configs().isEmpty()) {
            try (ProjectArchive base = sent.open(List.of())) {
                kept.keep(wanted.owner(), List.of(ArtifactFile.of(base)));
                sent.stored(base);
            }
        }
    }

    private Prepared checked(SubmitJob wanted, ReceivedProject sent, WorkFolder work) throws IOException {
        ProjectArchive project = sent.open(wanted.configs());
        try {
            ValidatedSubmission checked = checks.of(wanted, sent, project);
            checked.refuseProblems();
            if (checked.launch().failOn() == FailOn.WARNING) {
                refuseWarnings(findings(checked, project, work));
            }
            return new Prepared(sent, project, checked);
        } catch (IOException | RuntimeException refused) {
            project.close();
            throw refused;
        }
    }

    List<Finding> findings(ValidatedSubmission checked, ProjectArchive project, WorkFolder work) throws IOException {
        List<Finding> findings = new ArrayList<>(PlanFindings.of(checked.plan(), project.files()));
        findings.addAll(project.findings());
        findings.addAll(checked.findings());
        findings.addAll(SpecFiles.notRead(project.files()));
        findings.addAll(checked.preview().findings());
        findings.addAll(LfsPointers.of(project));
        findings.addAll(SecretFiles.of(project));
        Preview preview = checked.preview();
        findings.addAll(
                analysis.of(project, checked.plan(), preview.driver(), preview.python(), checked.packages(), work));
        return Finding.capped(findings);
    }

    static void refuseWarnings(List<Finding> findings) {
        List<Finding> warnings = findings.stream().filter(Finding::isWarning).toList();
        if (!warnings.isEmpty()) {
            throw new PlanHasWarnings(warnings);
        }
    }
}
