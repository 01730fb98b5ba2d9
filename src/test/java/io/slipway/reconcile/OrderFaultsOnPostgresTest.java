package io.slipway.reconcile;

import io.slipway.OnPostgres;
import org.junit.jupiter.api.Tag;

@Tag("full")
@OnPostgres
class OrderFaultsOnPostgresTest extends OrderFaultsContract {}
