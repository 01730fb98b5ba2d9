package io.slipway.sources.git;

import io.slipway.sources.FetchedSource;
import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import io.slipway.sources.SourceOrder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/** The files of a commit that has been fetched. */
final class CommitFiles implements AutoCloseable {

    private static final int LONGEST_PATH = 4096;
    private static final int EXECUTABLE = 0100755;
    private static final int PLAIN = 0100644;

    private final FetchedObjects objects;
    private final RevCommit commit;
    private final GitLocation location;
    private final SourceOrder order;
    private final FetchBounds bounds;
    private long size;
    private int entries;

    CommitFiles(FetchedObjects objects, RevCommit commit, GitLocation location, SourceOrder order, FetchBounds bounds) {
        this.objects = objects;
        this.commit = commit;
        this.location = location;
        this.order = order;
        this.bounds = bounds;
    }

    /** As an upload of the folder would be, links and execute bits included. */
    FetchedSource tar() throws IOException {
        Path tar = order.folder().resolve("source");
        List<String> submodules = new ArrayList<>();
        try (ObjectReader reader = objects.newObjectReader();
                TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar), "UTF-8");
                TreeWalk walk = new TreeWalk(reader)) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            walk.addTree(root(reader));
            while (walk.next()) {
                entries++;
                requireRoom(walk.getPathString());
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                } else if (walk.getFileMode(0) == FileMode.GITLINK) {
                    submodules.add(walk.getPathString());
                } else {
                    write(reader, walk, out);
                }
            }
        }
        return new FetchedSource(tar, location.name() + ".tar", commit.name(), submodules);
    }

    private ObjectId root(ObjectReader reader) throws IOException {
        if (location.subdirectory().isEmpty()) {
            return commit.getTree();
        }
        try (TreeWalk walk = TreeWalk.forPath(reader, location.subdirectory(), commit.getTree())) {
            if (walk == null || !walk.isSubtree()) {
                throw new SourceFailure(
                        Kind.NOT_FOUND, "The commit " + commit.name() + " has no folder of this subdirectory.");
            }
            return walk.getObjectId(0);
        }
    }

    private void write(ObjectReader reader, TreeWalk walk, TarArchiveOutputStream out) throws IOException {
        ObjectLoader content = reader.open(walk.getObjectId(0), Constants.OBJ_BLOB);
        size += content.getSize();
        requireRoom(walk.getPathString());
        if (walk.getFileMode(0) == FileMode.SYMLINK) {
            TarArchiveEntry link = new TarArchiveEntry(walk.getPathString(), TarConstants.LF_SYMLINK);
            link.setLinkName(new String(content.getCachedBytes(LONGEST_PATH), StandardCharsets.UTF_8));
            out.putArchiveEntry(link);
        } else {
            TarArchiveEntry file = new TarArchiveEntry(walk.getPathString(), TarConstants.LF_NORMAL);
            file.setMode(walk.getFileMode(0) == FileMode.EXECUTABLE_FILE ? EXECUTABLE : PLAIN);
            file.setSize(content.getSize());
            out.putArchiveEntry(file);
            content.copyTo((OutputStream) out);
        }
        out.closeArchiveEntry();
    }

    private void requireRoom(String path) {
        bounds.requireTime();
        boolean isNoPath = path.length() > LONGEST_PATH
                || path.chars().anyMatch(Character::isISOControl)
                || Arrays.stream(path.split("/", -1)).anyMatch(GitRepository::isNoName);
        if (isNoPath) {
            throw new SourceFailure(
                    Kind.INVALID,
                    "The commit has a name that is no path of a file: empty segments, '.', '..', control characters, or"
                            + " longer than " + LONGEST_PATH + " characters.");
        }
        if (size > order.mostBytes()) {
            throw FetchBounds.tooLarge("The commit has more than " + (order.mostBytes() >> 20)
                    + " MB of files, which is all that is fetched (slipway.submission.max-upload, or what is free on"
                    + " the service's disk). Name a subdirectory.");
        }
        if (entries > order.mostFiles()) {
            throw FetchBounds.tooLarge("The commit has more than " + order.mostFiles()
                    + " files and folders (slipway.submission.archive.max-entries). Name a subdirectory.");
        }
    }

    @Override
    public void close() {
        objects.close();
    }
}
