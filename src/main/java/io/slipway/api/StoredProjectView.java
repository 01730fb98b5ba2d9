package io.slipway.api;

import io.slipway.submission.ChangeProject;
import java.time.Instant;

/**
 * A project that is stored now.
 *
 * @param project what {@code POST /jobs} takes as {@code project}
 * @param files how many it has
 * @param expiresAt until when it can be named without a job of it
 */
record StoredProjectView(String project, int files, Instant expiresAt) {

    static StoredProjectView of(ChangeProject.Changed changed) {
        return new StoredProjectView("sha256:" + changed.projectId(), changed.files(), changed.expiresAt());
    }
}
