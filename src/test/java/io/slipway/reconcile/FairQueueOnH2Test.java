package io.slipway.reconcile;

import io.slipway.OnH2;

@OnH2
class FairQueueOnH2Test extends FairQueueContract {}
