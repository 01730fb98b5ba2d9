package io.slipway.access;

import io.slipway.OnPostgres;

@OnPostgres
class SessionsOnPostgresTest extends SessionsContract {}
