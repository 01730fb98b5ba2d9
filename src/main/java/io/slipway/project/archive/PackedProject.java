package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.util.List;
import java.util.regex.Pattern;

/** An archive in an archive, as GitHub's upload-artifact and mail programs make it. */
final class PackedProject {

    private static final Pattern ARCHIVE = Pattern.compile(
            ".*\\.(zip|egg|pyz|tar|tgz|txz|tbz2?|tzst|tar\\.(gz|xz|bz2|zst))",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** One among other files can be put on the path, and its programs be started. */
    private static final Pattern WHEEL = Pattern.compile(".*\\.whl", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern PROGRAM = Pattern.compile(".*\\.(pyc?|ipynb)", Pattern.DOTALL);

    private static final int SHOWN = 20;

    private PackedProject() {}

    /** @throws InvalidProject when there is no program but an archive that may hold one */
    static void refuse(ProjectTree tree) {
        if (tree.files()
                .mapToObj(tree::path)
                .anyMatch(path -> PROGRAM.matcher(path).matches())) {
            return;
        }
        boolean alone = tree.files().limit(2).count() == 1;
        List<String> archives = tree.files()
                .mapToObj(tree::path)
                .filter(path -> ARCHIVE.matcher(path).matches()
                        || (alone && WHEEL.matcher(path).matches()))
                .limit(SHOWN)
                .toList();
        if (archives.isEmpty()) {
            return;
        }
        throw new InvalidProject(
                Problem.NO_ENTRY_POINT,
                "The archive holds no .py file but %s%s: send that itself, or unpack it before you pack the project."
                        .formatted(
                                alone ? "another archive alone, " : "another archive, ",
                                Printable.quoted(archives.get(0))),
                archives.stream()
                        .map(path -> new Detail(Printable.of(path), "is an archive in the archive"))
                        .toList());
    }
}
