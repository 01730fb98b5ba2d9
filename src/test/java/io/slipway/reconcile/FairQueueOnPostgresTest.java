package io.slipway.reconcile;

import io.slipway.OnPostgres;

@OnPostgres
class FairQueueOnPostgresTest extends FairQueueContract {}
