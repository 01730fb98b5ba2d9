package io.slipway.jobs.stats;

import io.slipway.OnPostgres;

@OnPostgres
class DailyNumbersOnPostgresTest extends DailyNumbersContract {}
