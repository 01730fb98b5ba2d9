package io.slipway.reconcile;

import io.slipway.OnH2;

@OnH2
class OrderFaultsOnH2Test extends OrderFaultsContract {}
