package io.slipway.compute;

import io.slipway.artifacts.ArtifactName;

/**
 * A file of a project that a run looks for by an address of its own, beside the project. It is put there before the job is accepted.
 *
 * @param path in the project
 * @param field of the spec that asks for it
 */
public record ProjectPiece(ArtifactName name, String path, String field) {}
