package io.slipway.sources.git;

import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;
import org.eclipse.jgit.util.NB;

/** A repository for one fetch, which takes no pack that would cost more memory than a project may. */
final class FetchedObjects extends FileRepository {

    private static final int HEADER = 12;
    private static final int COUNT_AT = 8;

    private final long mostObjects;
    private final GitFetchSettings settings;
    private final FetchBounds bounds;

    private FetchedObjects(Path folder, long mostObjects, GitFetchSettings settings, FetchBounds bounds)
            throws IOException {
        super(new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().setup());
        this.mostObjects = mostObjects;
        this.settings = settings;
        this.bounds = bounds;
    }

    static FetchedObjects in(Path folder, long mostObjects, GitFetchSettings settings, FetchBounds bounds)
            throws IOException {
        FetchedObjects objects = new FetchedObjects(folder, mostObjects, settings, bounds);
        objects.create(true);
        return objects;
    }

    @Override
    public ObjectInserter newObjectInserter() {
        ObjectInserter plain = super.newObjectInserter();
        return new ObjectInserter.Filter() {
            @Override
            protected ObjectInserter delegate() {
                return plain;
            }

            @Override
            public PackParser newPackParser(InputStream pack) throws IOException {
                PackParser parser = super.newPackParser(counted(pack));
                parser.setMaxObjectSizeLimit(settings.maxFile().toBytes());
                return parser;
            }
        };
    }

    /** The parser makes room for as many objects as the first bytes say, before it has seen one. */
    private InputStream counted(InputStream pack) throws IOException {
        byte[] header = pack.readNBytes(HEADER);
        if (header.length == HEADER && NB.decodeUInt32(header, COUNT_AT) > mostObjects) {
            throw bounds.failed(new SourceFailure(
                    Kind.TOO_LARGE, "The host sends more objects for the commit than a project may have files."));
        }
        return new SequenceInputStream(new java.io.ByteArrayInputStream(header), pack);
    }
}
