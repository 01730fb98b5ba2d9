package io.slipway.reconcile;

import io.slipway.OnH2;

@OnH2
class RetentionOnH2Test extends RetentionContract {}
