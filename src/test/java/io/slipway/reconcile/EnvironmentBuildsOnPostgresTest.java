package io.slipway.reconcile;

import io.slipway.OnPostgres;

@OnPostgres
class EnvironmentBuildsOnPostgresTest extends EnvironmentBuildsContract {}
