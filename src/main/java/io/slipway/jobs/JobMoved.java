package io.slipway.jobs;

import org.jspecify.annotations.Nullable;

/** A job is in another state, and that is committed; with the job itself, for who counts. */
record JobMoved(Job job, @Nullable JobState before) {}
