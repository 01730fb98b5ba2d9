package io.slipway.environments;

/** What pip installed. */
public record InstalledPackage(String name, String version) {}
