package io.slipway.submission;

import io.slipway.project.Finding;
import io.slipway.project.archive.LeftOut;
import java.util.List;

/** Submodules of a git source, which are not fetched. */
final class GitSubmodules {

    private GitSubmodules() {}

    static List<Finding> of(List<LeftOut> leftOut) {
        return leftOut.stream()
                .filter(each -> each.reason() == LeftOut.Reason.SUBMODULE)
                .map(each -> Finding.warning(
                        "git-submodule",
                        null,
                        each.path() + " is a submodule of git, which is not fetched: its folder is missing.",
                        "Where the job needs it, send an archive of a clone with its submodules, or keep the files in"
                                + " the repository itself."))
                .toList();
    }
}
