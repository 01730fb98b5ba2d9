package io.slipway.project.analysis;

import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.Printable;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The commands that a project, or a wheel in it, would install: each is a module with a function, and a module can be started. */
final class ConsoleScripts {

    static final ConsoleScripts NONE = new ConsoleScripts(List::of);

    private static final Pattern SECTION = Pattern.compile("\\s*\\[([^\\]]+)]\\s*");
    private static final Pattern SCRIPT = Pattern.compile(
            "\\s*[\"']?([A-Za-z0-9_.-]{1,100})[\"']?\\s*=\\s*[\"']?([A-Za-z_][A-Za-z0-9_.]{0,200})\\s*:\\s*([A-Za-z_][A-Za-z0-9_.]{0,100}).*");

    private static final List<String> SECTIONS =
            List.of("console_scripts", "project.scripts", "tool.poetry.scripts", "options.entry_points");

    private static final int LONGEST = 256 << 10;
    private static final int MOST_WHEELS = 5;
    private static final int SHOWN = 10;

    /**
     * One command.
     *
     * @param pythonPath what has to be on Python's path for it; empty for the root
     * @param isIdle whether the module only defines the function, which nobody calls when the module is started
     */
    private record Script(String name, String module, String function, String pythonPath, boolean isIdle) {

        String start() {
            return "-m " + module + (pythonPath.isEmpty() ? "" : " with pythonPath=" + pythonPath)
                    + (isIdle ? ", once the module calls " + function + "() under if __name__ == '__main__'" : "");
        }

        /** How it is started, behind the module's name. */
        String words() {
            String missing = "could be started if it called " + function + "() under if __name__ == '__main__'";
            return (isIdle ? missing : "could be started")
                    + (pythonPath.isEmpty() ? "" : " with pythonPath=" + Printable.of(pythonPath))
                    + ": console script " + name + ", " + module + ":" + function;
        }
    }

    private final Supplier<List<Script>> read;
    private @Nullable List<Script> scripts;

    private ConsoleScripts(Supplier<List<Script>> read) {
        this.read = read;
    }

    /** They are looked for when a refusal needs them, and never before. */
    ConsoleScripts(ProjectArchive project) {
        this(() -> {
            try {
                return of(project);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    /** As the end of a message; empty when there are none. */
    String sentence() {
        return scripts().isEmpty()
                ? ""
                : scripts().stream()
                        .map(script -> script.name() + " (" + Printable.of(script.start()) + ")")
                        .collect(Collectors.joining(", ", " Console scripts that could be started: ", "."));
    }

    List<Detail> details() {
        return scripts().stream()
                .map(script -> new Detail("-m " + script.module(), script.words()))
                .toList();
    }

    private List<Script> scripts() {
        if (scripts == null) {
            scripts = read.get();
        }
        return scripts;
    }

    private static List<Script> of(ProjectArchive project) throws IOException {
        List<Script> found = new ArrayList<>();
        List<String> own = project.files()
                .paths()
                .filter(path -> path.equals("pyproject.toml")
                        || path.equals("setup.cfg")
                        || path.equals("setup.py")
                        || path.matches("[^/]+\\.(?:dist|egg)-info/entry_points\\.txt"))
                .toList();
        for (String path : own) {
            for (Script script : parsed(text(project, path), "")) {
                located(project, script).ifPresent(found::add);
            }
        }
        List<String> wheels = project.files()
                .paths()
                .filter(path -> path.endsWith(".whl"))
                .limit(MOST_WHEELS)
                .toList();
        for (String wheel : wheels) {
            found.addAll(parsed(WheelFile.entryPoints(project, wheel), wheel));
        }
        return found.stream().distinct().limit(SHOWN).toList();
    }

    /** Where its module lies; empty when the project does not have it. */
    private static Optional<Script> located(ProjectArchive project, Script script) throws IOException {
        String path = script.module().replace('.', '/');
        for (String pythonPath : List.of("", "src")) {
            String whole = pythonPath.isEmpty() ? path : pythonPath + "/" + path;
            for (String file : List.of(whole + ".py", whole + "/__main__.py")) {
                if (project.files().hasFile(file)) {
                    boolean isIdle = !PythonOutline.of(text(project, file)).does();
                    return Optional.of(
                            new Script(script.name(), script.module(), script.function(), pythonPath, isIdle));
                }
            }
        }
        return Optional.empty();
    }

    private static String text(ProjectArchive project, String path) throws IOException {
        return new String(project.read(path, LONGEST).orElse(new byte[0]), StandardCharsets.UTF_8);
    }

    private static List<Script> parsed(String text, String pythonPath) {
        List<Script> scripts = new ArrayList<>();
        boolean inside = false;
        for (String line : text.split("\\R")) {
            Matcher section = SECTION.matcher(line);
            if (section.matches()) {
                inside = SECTIONS.contains(section.group(1).strip());
                continue;
            }
            inside |= line.contains("console_scripts");
            Matcher script =
                    SCRIPT.matcher(inside ? line.replaceFirst("^.*console_scripts[\"']?\\s*[:=]\\s*\\[?", "") : "");
            if (script.matches()) {
                scripts.add(new Script(script.group(1), script.group(2), script.group(3), pythonPath, false));
            }
        }
        return scripts;
    }
}
