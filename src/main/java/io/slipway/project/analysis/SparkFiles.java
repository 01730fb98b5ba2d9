package io.slipway.project.analysis;

import io.slipway.project.Closest;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.LaunchPlan;
import io.slipway.project.Printable;
import io.slipway.project.ProjectFile;
import io.slipway.project.SparkResource;
import io.slipway.project.archive.EntryPath;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files that a plan's Spark settings name. A relative path means a file of the project, as in the project's README; with an alias
 * behind a {@code #}, or with wildcards, as spark-submit has them.
 */
public record SparkFiles(List<Named> all) {

    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");
    private static final int COMPARED = 5_000;

    /**
     * One file as it is named.
     *
     * @param path as it was written, without the alias
     * @param alias under which it lands; {@code null} for its own name
     */
    public record Named(
            SparkResource resource, String path, @Nullable String alias) {

        /** Of no project: a URI, or a path of the cluster's own nodes. */
        public boolean isElsewhere() {
            return isAbsolute() || URI.matcher(path).matches();
        }

        boolean isAbsolute() {
            return path.startsWith("/") || path.startsWith("file:/") || path.startsWith("local:/");
        }

        boolean hasWildcard() {
            return !isElsewhere() && WILDCARD.matcher(path).find();
        }

        /** Its path in the project. */
        public String inProject() {
            return EntryPath.of(path).value();
        }

        /** What it is called where it lands. */
        public String landing() {
            return alias != null ? alias : path.substring(path.lastIndexOf('/') + 1);
        }

        String written() {
            return alias == null ? path : path + "#" + alias;
        }
    }

    public static SparkFiles of(LaunchPlan plan) {
        return new SparkFiles(Arrays.stream(SparkResource.values())
                .filter(SparkResource::isOfFiles)
                .flatMap(resource -> named(resource, plan.sparkConf().getOrDefault(resource.setting(), "")))
                .toList());
    }

    private static Stream<Named> named(SparkResource resource, String value) {
        return Stream.of(value.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .map(item -> {
                    int mark = item.indexOf('#');
                    return mark < 0
                            ? new Named(resource, item, null)
                            : new Named(resource, item.substring(0, mark), item.substring(mark + 1));
                });
    }

    /** Whether only the list of the project's files can tell which are meant. */
    public boolean needFiles() {
        return all.stream().anyMatch(Named::hasWildcard);
    }

    /** With each wildcard replaced by the files that it means. */
    public SparkFiles among(List<ProjectFile> project) {
        return new SparkFiles(all.stream()
                .flatMap(named -> named.hasWildcard() ? matching(named, project) : Stream.of(named))
                .toList());
    }

    private static Stream<Named> matching(Named named, List<ProjectFile> project) {
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + named.inProject());
            List<Named> found = project.stream()
                    .map(ProjectFile::path)
                    .filter(path -> matcher.matches(Path.of(path)))
                    .map(path -> new Named(named.resource(), path, named.alias()))
                    .toList();
            return found.isEmpty() ? Stream.of(named) : found.stream();
        } catch (PatternSyntaxException | InvalidProject noPattern) {
            return Stream.of(named);
        }
    }

    /** Those that lie in the project. */
    public List<Named> ofProject() {
        return all.stream().filter(named -> !named.isElsewhere()).toList();
    }

    /** What is in the way: a relative path that is no file of the project, and two files of one name. */
    public List<Detail> problems(LaunchPlan plan, List<ProjectFile> project) {
        List<Detail> problems = new ArrayList<>();
        Map<String, Named> landings = new HashMap<>();
        for (Named named : among(project).all()) {
            String at = plan.fieldOf(named.resource().setting());
            if (!named.isElsewhere()) {
                missing(named, project).ifPresent(what -> problems.add(new Detail(at, what)));
            }
            Named before = landings.putIfAbsent(named.resource() + " " + named.landing(), named);
            if (before != null && !before.equals(named)) {
                problems.add(new Detail(at, sameName(before, named)));
            }
        }
        return problems;
    }

    private static String sameName(Named first, Named second) {
        return "%s and %s would land under the same name, and Spark takes the first alone. Rename one of them."
                .formatted(Printable.quoted(first.written()), Printable.quoted(second.written()));
    }

    private static Optional<String> missing(Named named, List<ProjectFile> project) {
        try {
            String path = named.inProject();
            if (project.stream().anyMatch(file -> file.path().equals(path))) {
                return Optional.empty();
            }
            List<String> paths =
                    project.stream().map(ProjectFile::path).limit(COMPARED).toList();
            return Optional.of(
                    "The project has no file %s.%s Name a file by its path from the project's root, or an s3:// URI."
                            .formatted(Printable.quoted(path), Closest.hint(path, paths)));
        } catch (InvalidProject outside) {
            return Optional.of(String.valueOf(outside.getMessage()));
        }
    }

    /** What nobody here has looked at. */
    public List<Finding> findings(LaunchPlan plan) {
        return all.stream()
                .filter(Named::isAbsolute)
                .map(named -> new Finding(
                        "cluster-path",
                        Finding.Severity.INFO,
                        null,
                        null,
                        plan.fieldOf(named.resource().setting()) + " names " + Printable.of(named.path())
                                + ", a path of the cluster's own machines.",
                        "Nothing is to be done where the cluster brings the file; a file of the project is named by its path from"
                                + " the project's root."))
                .toList();
    }

    /** The Spark settings with each file of the project under another name. */
    public Map<String, String> conf(Function<Named, String> name) {
        Map<SparkResource, List<String>> items = new LinkedHashMap<>();
        all.forEach(named -> items.computeIfAbsent(named.resource(), none -> new ArrayList<>())
                .add(named.isElsewhere() ? named.written() : name.apply(named)));
        Map<String, String> conf = new LinkedHashMap<>();
        items.forEach((resource, list) -> conf.put(resource.setting(), String.join(",", list)));
        return conf;
    }
}
