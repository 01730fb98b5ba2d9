package io.slipway.submission;

import io.slipway.OnPostgres;

@OnPostgres
class SourceTurnsOnPostgresTest extends SourceTurnsContract {}
