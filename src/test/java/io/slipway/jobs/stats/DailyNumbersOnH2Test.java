package io.slipway.jobs.stats;

import io.slipway.OnH2;

@OnH2
class DailyNumbersOnH2Test extends DailyNumbersContract {}
