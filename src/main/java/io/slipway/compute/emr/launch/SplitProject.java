package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import io.slipway.project.ArtifactId;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A project in spark-submit's own forms. The modules travel as the project's zip, from which Python imports; the entry point and every
 * file that is no module travel alone, the latter under their relative paths.
 */
record SplitProject(Piece entry, List<Piece> files) {

    /** Above this nobody would want the files one by one. */
    static final long LARGEST = 64L << 20;

    private static final String PYTHON = ".py";

    // Of a path that is not like this, nobody has seen what Spark and YARN make on their way to a container.
    private static final Pattern SAFE_PATH = Pattern.compile("[A-Za-z0-9._/-]+");

    /** @param name of the artifact behind the project's id */
    record Piece(String path, String name) {
        ArtifactName artifact(ArtifactId projectId) {
            return ArtifactName.piece(projectId, name);
        }
    }

    static SplitProject of(LaunchPlan plan, List<ProjectFile> all) {
        Piece entry = new Piece(plan.entry().file(), "entry" + (plan.entry().isJar() ? ".jar" : PYTHON));
        List<Piece> files = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String path = all.get(i).path();
            if (path.equals(plan.entry().file())) {
                String name = path.substring(path.lastIndexOf('/') + 1);
                entry = new Piece(path, i + "_" + (SAFE_PATH.matcher(name).matches() ? name : entry.name()));
            } else if (!path.endsWith(PYTHON)) {
                files.add(new Piece(path, Integer.toString(i)));
            }
        }
        return new SplitProject(entry, List.copyOf(files));
    }

    Stream<Piece> pieces() {
        return Stream.concat(Stream.of(entry), files.stream());
    }

    /** Why a project cannot travel like this. */
    static List<Detail> objections(LaunchPlan plan, List<ProjectFile> all) {
        List<Detail> objections = new ArrayList<>();
        if (plan.entry().isModule()) {
            objections.add(new Detail(
                    "entryPoint", "Layout split starts a file, not a module. Name the file, or use layout unchanged."));
        }
        plan.launch().python().path().stream()
                .filter(path -> all.stream().anyMatch(file -> file.path().equals(path)))
                .forEach(wheel -> objections.add(new Detail(
                        "pythonPath",
                        "In layout split " + wheel
                                + " would be an archive within an archive, which Python cannot import."
                                + " Use layout unchanged.")));
        all.stream()
                .map(ProjectFile::path)
                .filter(path ->
                        !path.endsWith(PYTHON) && !SAFE_PATH.matcher(path).matches())
                .findFirst()
                .ifPresent(path -> objections.add(new Detail(
                        "layout",
                        "Layout split cannot carry the name " + path
                                + " (letters of other languages, blanks). Use layout unchanged.")));
        // The jar of a program is a single file of its step, and there is no other layout for it.
        boolean jar = plan.entry().isJar();
        long size = all.stream()
                .filter(file -> !(jar && file.path().equals(plan.entry().file())))
                .mapToLong(ProjectFile::size)
                .sum();
        if (size > LARGEST) {
            objections.add(new Detail(
                    "layout",
                    "Layout split is for projects up to " + (LARGEST >> 20)
                            + (jar
                                    ? " MB beside the jar. Leave out what the program does not need, or have it read from S3."
                                    : " MB. Use layout unchanged.")));
        }
        return objections;
    }
}
