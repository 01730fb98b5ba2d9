package io.slipway.reconcile;

import io.slipway.OnPostgres;

@OnPostgres
class OrdersOnPostgresTest extends OrdersContract {}
