package io.slipway.reconcile;

import io.slipway.OnH2;

@OnH2
class EnvironmentBuildsOnH2Test extends EnvironmentBuildsContract {}
