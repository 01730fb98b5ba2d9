package io.slipway.sources;

import java.util.List;

/** A kind of source that projects can be fetched from. */
public interface ProjectHost {

    /** Whether a URI is of this kind, well-formed or not. */
    boolean knows(String uri);

    /** What URIs that the owner may name begin with, in whole segments; none where nothing is allowed. Calls nobody. */
    List<String> prefixes(String owner);

    /**
     * Checks anew that the owner may have it, and asks which version it is now, in at most 150 printable characters. What has one content has
     * one version; another content has another.
     *
     * @throws SourceFailure in every case in which there is none
     */
    String version(SourceOrder order);

    /**
     * Checks anew that the owner may have it, and fetches it: the version of the order, where it has one, or the one that is there by now. Takes some seconds at most: as long as the settings allow.
     *
     * @throws SourceFailure in every case in which there is no file
     */
    FetchedSource fetch(SourceOrder order);
}
