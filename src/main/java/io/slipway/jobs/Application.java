package io.slipway.jobs;

/**
 * What a run started on the nodes of its cluster: a YARN application, whose containers have logs of their own.
 *
 * @param id {@code application_<time>_<number>}
 * @param hasDriver whether the program itself runs in its first container; else it runs where it was started
 */
public record Application(String id, boolean hasDriver) {}
