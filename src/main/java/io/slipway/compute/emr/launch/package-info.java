/** What a run of a job is on EMR: its step's arguments, the files and programs it needs, and what a cluster lets a job ask for. */
@NullMarked
package io.slipway.compute.emr.launch;

import org.jspecify.annotations.NullMarked;
