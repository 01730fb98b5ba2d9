package io.slipway.compute.emr.steps;

/**
 * Other people's steps on a cluster that have not ended.
 *
 * @param waiting those of them that have not begun
 */
record OtherSteps(int active, int waiting) {

    static final OtherSteps NONE = new OtherSteps(0, 0);
}
