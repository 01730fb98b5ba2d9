package io.slipway.artifacts;

import io.slipway.OnPostgres;

@OnPostgres
class ArtifactsOnPostgresTest extends ArtifactsContract {}
