package io.slipway.web;

/** What the page shows of the output of one attempt before any script ran, and which log of it. */
record LogShown(int attempt, LogTabs tabs, String stream, LogLook look) {}
