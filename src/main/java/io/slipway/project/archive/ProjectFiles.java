package io.slipway.project.archive;

import io.slipway.project.ProjectFile;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a project, sorted by the bytes of their paths. Each is made when it is asked for: a project can have a hundred thousand,
 * and a list of them takes twice the memory of all else.
 */
public final class ProjectFiles extends AbstractList<ProjectFile> implements RandomAccess {

    private final ProjectTree tree;
    private final int[] rows;

    public ProjectFiles(ProjectTree tree) {
        this.tree = tree;
        this.rows = tree.files().toArray();
    }

    @Override
    public ProjectFile get(int index) {
        Content content = tree.table().content(rows[index]);
        return new ProjectFile(
                path(index), content.size(), content.sha256(), tree.table().isExecutable(rows[index]));
    }

    @Override
    public int size() {
        return rows.length;
    }

    public String path(int index) {
        return tree.path(rows[index]);
    }

    public Stream<String> paths() {
        return Arrays.stream(rows).mapToObj(tree::path);
    }

    /** Whether there is a file of exactly this path. */
    public boolean hasFile(String path) {
        return index(path) >= 0;
    }

    /** Whether a file lies somewhere below the folder; the empty path is the root. */
    public boolean hasFolder(String path) {
        return path.isEmpty() || tree.table().anyBelow(rows, tree.inTable(path));
    }

    private int index(String path) {
        String inTable = tree.inTable(path);
        int index = tree.table().firstFrom(rows, inTable);
        return index < rows.length && tree.table().path(rows[index]).equals(inTable) ? index : -1;
    }

    /** What was read of the file, or {@code null} when there is none. */
    @Nullable
    Content content(String path) {
        int index = index(path);
        return index < 0 ? null : tree.table().content(rows[index]);
    }
}
