package io.slipway.submission;

import io.slipway.OnH2;

@OnH2
class PlannedProjectsOnH2Test extends PlannedProjectsContract {}
