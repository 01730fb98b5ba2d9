package io.slipway.access;

import io.slipway.OnH2;

@OnH2
class SessionsOnH2Test extends SessionsContract {}
