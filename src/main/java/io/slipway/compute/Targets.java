package io.slipway.compute;

import io.slipway.project.ProjectFile;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where each file of a project is found, worked out when it is asked for: a project can have a hundred thousand. */
public final class Targets extends AbstractMap<String, String> {

    private final List<ProjectFile> project;
    private final UnaryOperator<String> target;

    public Targets(List<ProjectFile> project, UnaryOperator<String> target) {
        this.project = project;
        this.target = target;
    }

    /** @param path of a file of the project; what is no file of it is not told apart */
    @Override
    public @Nullable String get(@Nullable Object path) {
        return path instanceof String text ? target.apply(text) : null;
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, String>> iterator() {
                return project.stream()
                        .map(file -> Map.entry(file.path(), target.apply(file.path())))
                        .iterator();
            }

            @Override
            public int size() {
                return project.size();
            }
        };
    }
}
