package io.slipway.submission;

import io.slipway.OnPostgres;

@OnPostgres
class PlannedProjectsOnPostgresTest extends PlannedProjectsContract {}
