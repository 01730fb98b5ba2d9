package io.slipway.project.requirements;

import io.slipway.project.InvalidProject;
import io.slipway.project.Printable;
import io.slipway.project.archive.EntryPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A requirements.txt with all that it includes, as pip reads it: comments, continued lines, {@code -r} and {@code -c}. */
final class RequirementsText {

    /** All files together; a real one has some hundred. */
    static final int MAX_LINES = 10_000;

    private static final int MAX_LINE = 100_000;

    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*$");
    private static final Pattern INCLUDE =
            Pattern.compile("(-r|--requirement|-c|--constraint)(?:\\s*=\\s*|\\s*)(\\S.*)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z0-9_]+}");

    private final RequirementSources sources;
    private final RequirementErrors errors;
    private final RequirementLine line;
    private final Set<String> open = new LinkedHashSet<>();
    private final Set<String> read = new HashSet<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> constraints = new ArrayList<>();
    private final Map<String, String> wheels = new TreeMap<>();
    private int count;

    RequirementsText(RequirementSources sources, RequirementRules rules, RequirementErrors errors) {
        this.sources = sources;
        this.errors = errors;
        this.line = new RequirementLine(sources, rules, wheels);
    }

    Requirements read(String file) throws IOException {
        read(file, false);
        return new Requirements(lines, constraints, wheels, false);
    }

    private void read(String file, boolean constraint) throws IOException {
        // A file may be required and be a constraint, too.
        if (!read.add((constraint ? "-c " : "-r ") + file)) {
            return;
        }
        open.add(file);
        StringBuilder logical = new StringBuilder();
        int number = 0;
        int first = 1;
        for (String physical : sources.text(file).split("\r\n|\r|\n", -1)) {
            number++;
            if (++count > MAX_LINES) {
                throw RequirementFiles.refused(
                        file, "and what it includes have more than %,d lines".formatted(MAX_LINES));
            }
            boolean isComment = physical.stripLeading().startsWith("#");
            if (physical.endsWith("\\") && !isComment && logical.length() + physical.length() < MAX_LINE) {
                logical.append(physical, 0, physical.length() - 1).append(' ');
                continue;
            }
            logical.append(physical);
            if (logical.length() >= MAX_LINE) {
                errors.add(file, first, "is longer than %,d characters".formatted(MAX_LINE));
            } else {
                take(file, first, logical.toString(), constraint);
            }
            logical.setLength(0);
            first = number + 1;
        }
        take(file, first, logical.toString(), constraint);
        open.remove(file);
    }

    private void take(String file, int number, String written, boolean constraint) throws IOException {
        String text = COMMENT.matcher(written).replaceFirst("").strip();
        if (text.isEmpty()) {
            return;
        }
        Matcher include = INCLUDE.matcher(text);
        if (VARIABLE.matcher(text).find()) {
            errors.add(file, number, "names a variable of the environment, which nobody sets here; write the value");
        } else if (include.matches() && !text.startsWith("--require-hashes")) {
            include(
                    file,
                    number,
                    include.group(2),
                    constraint || include.group(1).contains("c"));
        } else {
            try {
                line.read(folder(file), text, constraint).ifPresent(constraint ? constraints::add : lines::add);
            } catch (RequirementLine.Refused refused) {
                errors.add(file, number, String.valueOf(refused.getMessage()));
            }
        }
    }

    private void include(String file, int number, String target, boolean constraint) throws IOException {
        if (target.contains("://")) {
            errors.add(file, number, "includes a file from the network; put it into the project");
            return;
        }
        String path;
        try {
            path = EntryPath.of(climbed(folder(file) + target)).value();
        } catch (InvalidProject outside) {
            errors.add(file, number, "includes " + Printable.quoted(target) + ", which is not a file of the project");
            return;
        }
        if (open.contains(path)) {
            errors.add(
                    file,
                    number,
                    "includes " + Printable.quoted(path) + ", which includes this file again; remove one -r");
        } else if (sources.file(path).isEmpty()) {
            errors.add(file, number, "includes " + Printable.quoted(path) + ", which is not in the project");
        } else if (open.size() > 50) {
            errors.add(file, number, "includes files more than 50 deep");
        } else {
            read(path, constraint);
        }
    }

    private static String folder(String file) {
        return file.substring(0, file.lastIndexOf('/') + 1);
    }

    /** A file in a folder often includes one beside the folder: {@code -r ../base.txt}. What leaves the project keeps its dots. */
    static String climbed(String path) {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/")) {
            if (name.equals("..")
                    && !names.isEmpty()
                    && !names.get(names.size() - 1).equals("..")) {
                names.remove(names.size() - 1);
            } else if (!name.equals(".")) {
                names.add(name);
            }
        }
        return String.join("/", names);
    }
}
