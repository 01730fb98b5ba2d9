package io.slipway.submission;

import io.slipway.OnH2;

@OnH2
class SourceTurnsOnH2Test extends SourceTurnsContract {}
