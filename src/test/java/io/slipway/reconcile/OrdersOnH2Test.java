package io.slipway.reconcile;

import io.slipway.OnH2;

@OnH2
class OrdersOnH2Test extends OrdersContract {}
