package io.slipway.submission;

import io.slipway.jobs.JobSource;
import io.slipway.project.archive.ConfigOverlay;
import io.slipway.project.archive.LeftOut;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The project of a wish as a file of this machine, which can be opened once with the wish's configuration files and once without. */
interface ReceivedProject extends AutoCloseable {

    /** @throws io.slipway.project.InvalidProject when the project is at fault */
    ProjectArchive open(List<ConfigOverlay> configs) throws IOException;

    /** Where it was fetched from; {@code null} for one that came with the request or was stored before. */
    default @Nullable JobSource source() {
        return null;
    }

    /** What a person might call it. */
    default String name(ProjectArchive opened) {
        return opened.suggestedName();
    }

    /** What of it is no part of the project. */
    default List<LeftOut> leftOut(ProjectArchive opened) {
        return opened.leftOut();
    }

    /** Whether the project as it was fetched, without other files over it, would spare others the fetch. */
    default boolean isWorthKeeping() {
        return false;
    }

    /** The project is stored now, so that nobody needs to fetch this version again. */
    default void stored(ProjectArchive opened) {}

    /** It will not be opened again. */
    @Override
    default void close() {}
}
