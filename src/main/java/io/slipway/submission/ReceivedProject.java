package io.slipway.submission;

import io.slipway.project.archive.ConfigOverlay;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.util.List;

/** The project of a wish as a file of this machine, which can be opened once with the wish's configuration files and once without. */
interface ReceivedProject {

    /** @throws io.slipway.project.InvalidProject when the project is at fault */
    ProjectArchive open(List<ConfigOverlay> configs) throws IOException;
}
