package io.slipway.sources;

/** A kind of source that projects can be fetched from. */
public interface ProjectHost {

    /** Whether a URI is of this kind, well-formed or not. */
    boolean knows(String uri);

    /**
     * Checks anew that the owner may have it, and fetches it. Takes some seconds at most: as long as the settings allow.
     *
     * @throws SourceFailure in every case in which there is no file
     */
    FetchedSource fetch(SourceOrder order);
}
