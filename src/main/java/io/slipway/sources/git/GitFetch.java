package io.slipway.sources.git;

import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import io.slipway.sources.SourceOrder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/** Finds a commit in a repository, and gets its files without its history. */
final class GitFetch {

    /** Of a history without files, a row in memory for each. */
    private static final long MOST_COMMITS = 2_000_000;

    private final GitLocation location;
    private final SourceOrder order;
    private final GitHttp http;
    private final @Nullable Login login;
    private final GitFetchSettings settings;
    private final FetchBounds bounds;

    /** What is sent to the host with each request. */
    record Login(String user, String token) {}

    GitFetch(
            GitLocation location,
            SourceOrder order,
            GitHttp http,
            @Nullable Login login,
            GitFetchSettings settings,
            FetchBounds bounds) {
        this.location = location;
        this.order = order;
        this.http = http;
        this.login = login;
        this.settings = settings;
        this.bounds = bounds;
    }

    /** The commit that the ref is now. */
    ObjectId commit() throws IOException, URISyntaxException {
        if (location.isWholeCommit()) {
            return ObjectId.fromString(location.ref());
        }
        try (FetchedObjects empty = objects("refs", 0);
                TransportHttp transport = transport(empty);
                FetchConnection refs = transport.openFetch(wanted())) {
            Ref named = named(refs);
            if (named == null) {
                return unnamed(refs);
            }
            ObjectId peeled = named.getPeeledObjectId();
            return peeled == null ? id(named) : peeled;
        }
    }

    /** The files of one commit, as a tar. */
    CommitFiles files(ObjectId commit) throws IOException, URISyntaxException {
        FetchedObjects objects = objects("objects", 2L * order.mostFiles() + 1_000);
        try {
            try (TransportHttp transport = transport(objects)) {
                transport.setDepth(1);
                List<RefSpec> wanted = location.isWholeCommit() ? List.of() : wanted();
                try (FetchConnection connection = transport.openFetch(wanted)) {
                    bounds.packBegins();
                    connection.fetch(monitor(), List.of(wanted(connection, commit)), Set.of());
                }
            }
            return new CommitFiles(objects, parsed(objects, commit), location, order, bounds);
        } catch (IOException | URISyntaxException | RuntimeException failure) {
            objects.close();
            throw failure;
        }
    }

    /** A server may give an object that a ref names, and refuse the same commit by its id: an annotated tag is asked for as the tag. */
    private Ref wanted(FetchConnection connection, ObjectId commit) {
        return connection.getRefs().stream()
                .filter(ref -> commit.equals(ref.getPeeledObjectId()))
                .findFirst()
                .orElse(new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, commit.name(), commit));
    }

    private static RevCommit parsed(FetchedObjects objects, ObjectId id) throws IOException {
        try (RevWalk walk = new RevWalk(objects)) {
            RevObject any = walk.peel(walk.parseAny(id));
            if (any instanceof RevCommit commit) {
                walk.parseBody(commit);
                return commit;
            }
            throw new SourceFailure(Kind.INVALID, "The ref is no commit.");
        } catch (IncorrectObjectTypeException other) {
            throw new SourceFailure(Kind.INVALID, "The ref is no commit.", other);
        }
    }

    private FetchedObjects objects(String name, long most) throws IOException {
        return FetchedObjects.in(order.folder().resolve(name), most, settings, bounds);
    }

    private TransportHttp transport(FetchedObjects objects) throws IOException, URISyntaxException {
        TransportHttp transport = (TransportHttp) org.eclipse.jgit.transport.Transport.open(
                objects, new URIish(location.repository().toString()));
        transport.setHttpConnectionFactory(http);
        if (login != null) {
            transport.setPreemptiveBasicAuthentication(login.user(), login.token());
        }
        return transport;
    }

    /** All refs where a commit is named by how it begins. */
    private List<RefSpec> wanted() {
        return location.mayBeCommit()
                ? List.of()
                : location.fullRefs().stream()
                        .map(ref -> new RefSpec(ref + ":" + ref))
                        .toList();
    }

    private @Nullable Ref named(FetchConnection refs) {
        List<Ref> named = location.fullRefs().stream()
                .map(refs::getRef)
                .filter(Objects::nonNull)
                .toList();
        if (named.size() > 1) {
            throw new SourceFailure(
                    Kind.INVALID,
                    "There is a tag and a branch of this name. Write refs/tags/" + location.ref() + " or refs/heads/"
                            + location.ref() + " behind the @.");
        }
        return named.isEmpty() ? null : named.get(0);
    }

    private ObjectId unnamed(FetchConnection refs) throws IOException, URISyntaxException {
        if (!location.mayBeCommit()) {
            throw new SourceFailure(Kind.NOT_FOUND, location.repository() + " has no branch and no tag of this name.");
        }
        AbbreviatedObjectId beginning = AbbreviatedObjectId.fromString(location.ref());
        List<ObjectId> tips = refs.getRefs().stream()
                .flatMap(ref -> Stream.of(ref.getObjectId(), ref.getPeeledObjectId()))
                .filter(Objects::nonNull)
                .filter(tip -> beginning.prefixCompare(tip) == 0)
                .distinct()
                .toList();
        if (tips.size() > 1) {
            throw ambiguous();
        }
        return tips.isEmpty() ? inHistory(refs.getRefs()) : tips.get(0);
    }

    /** No server looks up the beginning of an id: the history of all branches and tags is fetched for it, without files. */
    private ObjectId inHistory(Collection<Ref> tips) throws IOException, URISyntaxException {
        try (FetchedObjects history = objects("history", MOST_COMMITS);
                TransportHttp transport = transport(history)) {
            transport.setFilterSpec(FilterSpec.fromFilterLine("tree:0"));
            List<Ref> wanted = tips.stream()
                    .filter(ref -> ref.getObjectId() != null
                            && (ref.getName().startsWith(Constants.R_HEADS)
                                    || ref.getName().startsWith(Constants.R_TAGS)))
                    .toList();
            try (FetchConnection connection = transport.openFetch(List.of())) {
                bounds.packBegins();
                connection.fetch(monitor(), wanted, Set.of());
            }
            try (ObjectReader reader = history.newObjectReader()) {
                Collection<ObjectId> found = reader.resolve(AbbreviatedObjectId.fromString(location.ref()));
                if (found.size() > 1) {
                    throw ambiguous();
                }
                return found.stream()
                        .findFirst()
                        .orElseThrow(() -> new SourceFailure(
                                Kind.NOT_FOUND,
                                "No branch, no tag and no commit that a branch or tag leads to begins with "
                                        + location.ref() + " in " + location.repository() + "."));
            }
        } catch (AmbiguousObjectException many) {
            throw ambiguous();
        }
    }

    private static SourceFailure ambiguous() {
        return new SourceFailure(Kind.INVALID, "More than one commit begins so. Write more of its digits.");
    }

    private static ObjectId id(Ref ref) {
        return Objects.requireNonNull(ref.getObjectId(), "a listed ref has an id");
    }

    private EmptyProgressMonitor monitor() {
        return new EmptyProgressMonitor() {
            @Override
            public boolean isCancelled() {
                return bounds.isOver() || Thread.currentThread().isInterrupted();
            }
        };
    }
}
