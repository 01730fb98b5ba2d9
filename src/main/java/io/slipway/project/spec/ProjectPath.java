package io.slipway.project.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.slipway.project.archive.EntryPath;

/** A path of the project as somebody wrote it, made plain: no {@code ./}, no backslashes, never outside of the project. */
record ProjectPath(@JsonValue String value) {

    /** @throws io.slipway.project.InvalidProject for a path that is none within a project */
    @JsonCreator
    static ProjectPath of(String written) {
        return new ProjectPath(EntryPath.of(written).value());
    }
}
