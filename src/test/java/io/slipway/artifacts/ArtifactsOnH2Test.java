package io.slipway.artifacts;

import io.slipway.OnH2;

@OnH2
class ArtifactsOnH2Test extends ArtifactsContract {}
