package io.slipway.reconcile;

import io.slipway.OnH2;
import org.junit.jupiter.api.Tag;

@OnH2
@Tag("full")
class OrderFaultsOnH2Test extends OrderFaultsContract {}
