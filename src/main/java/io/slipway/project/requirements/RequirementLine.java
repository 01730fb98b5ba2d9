package io.slipway.project.requirements;

import io.slipway.project.InvalidProject;
import io.slipway.project.Printable;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.EntryPath;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One line of a requirements.txt, in the one spelling in which it is kept, or why it is not installed here. */
final class RequirementLine {

    /** The message goes on after the number of the line. */
    static final class Refused extends Exception {

        Refused(String message) {
            super(message);
        }
    }

    private static final Pattern HASH =
            Pattern.compile("\\s--hash[\\s=]+(sha256|sha384|sha512):([0-9a-fA-F]{64,128})(?=\\s|$)");
    private static final Pattern NAMED = Pattern.compile(
            "([A-Za-z0-9][A-Za-z0-9._-]{0,199})\\s*(\\[[A-Za-z0-9._,\\s-]{0,500}])?\\s*(?:@\\s*(\\S+)|\\(?([<>=!~][<>=!~,.*+A-Za-z0-9_\\s-]{0,500})?\\)?)");
    private static final Pattern MARKER = Pattern.compile("[A-Za-z0-9_.<>=!~'\"(),*+\\s-]{1,2000}");
    private static final Pattern WHEEL = Pattern.compile(".*\\.whl", Pattern.CASE_INSENSITIVE);
    private static final Pattern WHEEL_NAME = Pattern.compile(
            "[A-Za-z0-9._]+-[A-Za-z0-9._!+]+(-[0-9][A-Za-z0-9._]*)?-[A-Za-z0-9._]+-[A-Za-z0-9._]+-[A-Za-z0-9._]+\\.whl");
    /** One that was read: by its name, or a wheel by the first part of its file's name. */
    private static final Pattern READ = Pattern.compile(
            "(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:[\\[ ;<>=!~].*)?|(?:\\./|https?://)(?:[^ ]*/)?(?<wheel>[A-Za-z0-9._]+)-[^/ ]*\\.whl(?:[# ].*)?");

    private static final Pattern SOURCES =
            Pattern.compile("(\\.{1,2}([/\\\\].*)?|.*\\.(tar\\.gz|tgz|tar\\.bz2|zip|egg)|.*[/\\\\].*)");
    private static final Pattern CREDENTIALS = Pattern.compile("[a-z+]+://[^/]*@.*");

    private static final Set<String> INDEXES = Set.of(
            "-i",
            "--index-url",
            "--pypi-url",
            "--extra-index-url",
            "-f",
            "--find-links",
            "--trusted-host",
            "--no-index",
            "--proxy",
            "--cert",
            "--client-cert",
            "--process-dependency-links");
    private static final Set<String> WITHOUT_MEANING = Set.of(
            "--require-hashes",
            "--prefer-binary",
            "--only-binary",
            "--use-feature",
            "--no-cache-dir",
            "--disable-pip-version-check");

    private final RequirementSources sources;
    private final RequirementRules rules;
    private final Map<String, String> wheels;

    /** @param wheels takes the project's wheels that are named, with their SHA-256 */
    RequirementLine(RequirementSources sources, RequirementRules rules, Map<String, String> wheels) {
        this.sources = sources;
        this.rules = rules;
        this.wheels = wheels;
    }

    /** @param folder of the file that it stands in, with a slash at its end unless it is the root */
    Optional<String> read(String folder, String text, boolean constraint) throws Refused {
        if (text.startsWith("-")) {
            return option(text);
        }
        Set<String> hashes = new TreeSet<>();
        String rest = withoutHashes(text, hashes);
        if (rest.contains(" --")) {
            throw new Refused("has an option that is not taken: of a single package only --hash is");
        }
        String marker = null;
        int semicolon = markerAt(rest);
        if (semicolon >= 0) {
            marker = rest.substring(semicolon + 1).strip().replaceAll("\\s+", " ");
            rest = rest.substring(0, semicolon).strip();
            if (!MARKER.matcher(marker).matches()) {
                throw new Refused("has a marker that cannot be read after the semicolon");
            }
        }
        return Optional.of(
                required(folder, rest, hashes, constraint) + (marker == null ? "" : " ; " + marker) + options(hashes));
    }

    private static String options(Set<String> hashes) {
        StringBuilder options = new StringBuilder();
        hashes.forEach(hash -> options.append(" --hash=").append(hash));
        return options.toString();
    }

    private static String withoutHashes(String text, Set<String> hashes) {
        Matcher hash = HASH.matcher(text);
        StringBuilder rest = new StringBuilder();
        while (hash.find()) {
            hashes.add(hash.group(1) + ":" + hash.group(2).toLowerCase(Locale.ROOT));
            hash.appendReplacement(rest, "");
        }
        hash.appendTail(rest);
        return rest.toString().strip();
    }

    /** In a direct address a semicolon belongs to the address unless a blank stands before it. */
    private static int markerAt(String text) {
        return text.contains("://") ? text.indexOf(" ;") < 0 ? -1 : text.indexOf(" ;") + 1 : text.indexOf(';');
    }

    private Optional<String> option(String text) throws Refused {
        String name = text.split("[\\s=]", 2)[0];
        boolean shortIndex =
                text.startsWith("-i") && !text.startsWith("--") || text.startsWith("-f") && !text.startsWith("--");
        if (INDEXES.contains(name) || shortIndex) {
            throw new Refused("names an index of packages, which only the service's operator does"
                    + " (slipway.environments.index-url); remove the line");
        }
        if (name.equals("-e") || name.equals("--editable")) {
            throw new Refused(
                    "installs a folder as it is (editable). The project's own code needs no installing: its root can be"
                            + " imported, and further folders by pythonPath; remove the line");
        }
        if (name.equals("--pre")) {
            return Optional.of("--pre");
        }
        if (name.equals("--no-binary") && rules.sdists() && text.matches("--no-binary[\\s=]+[A-Za-z0-9._,:-]+")) {
            return Optional.of(text.replaceFirst("[\\s=]+", "="));
        }
        if (WITHOUT_MEANING.contains(name)) {
            return Optional.empty();
        }
        throw new Refused("has the option " + Printable.quoted(name) + ", which is not taken here; remove the line"
                + (name.equals("--no-binary") ? ", since only wheels are installed" : ""));
    }

    private String required(String folder, String text, Set<String> hashes, boolean constraint) throws Refused {
        Matcher named = NAMED.matcher(text);
        boolean isPath = WHEEL.matcher(text).matches() || SOURCES.matcher(text).matches();
        if (named.matches() && (named.group(3) != null || !isPath)) {
            String extras = extras(named.group(2));
            if (constraint && !extras.isEmpty()) {
                throw new Refused("is a constraint with extras, which pip refuses; remove the brackets");
            }
            String name = name(named.group(1)) + extras;
            return named.group(3) != null
                    ? name + " @ " + address(named.group(3), hashes)
                    : name + versions(named.group(4));
        }
        if (text.contains("://")) {
            return address(text, hashes);
        }
        if (WHEEL.matcher(text).matches()) {
            return wheel(folder, text, hashes);
        }
        if (isPath) {
            throw new Refused(
                    "installs " + Printable.quoted(text) + " from its sources, which runs its code where it is built."
                            + " Make a wheel of it (pip wheel), put that into the project"
                            + " and name it here; or name its folder as pythonPath");
        }
        throw new Refused("cannot be read: " + Printable.quoted(text) + " is no requirement, such as numpy>=1.26");
    }

    static String name(String written) {
        return written.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
    }

    /** Which package a line asks for that was read here; empty for an address that does not end in a wheel's name. */
    static Optional<String> packageOf(String line) {
        Matcher named = READ.matcher(line);
        if (!named.matches()) {
            return Optional.empty();
        }
        return Optional.of(name(named.group("wheel") == null ? named.group("name") : named.group("wheel")));
    }

    private static String extras(@Nullable String written) {
        if (written == null) {
            return "";
        }
        TreeSet<String> extras = new TreeSet<>();
        Stream.of(written.substring(1, written.length() - 1).split(","))
                .map(String::strip)
                .filter(extra -> !extra.isEmpty())
                .forEach(extra -> extras.add(name(extra)));
        return extras.isEmpty() ? "" : "[" + String.join(",", extras) + "]";
    }

    private static String versions(@Nullable String written) throws Refused {
        if (written == null) {
            return "";
        }
        TreeSet<String> versions = new TreeSet<>();
        for (String version : written.split(",")) {
            String plain = version.strip().replaceAll("\\s+", "");
            if (!plain.isEmpty() && !plain.matches("(===|~=|==|!=|<=|>=|<|>)[A-Za-z0-9.*+_-]+")) {
                throw new Refused("has a version that cannot be read: " + Printable.quoted(version.strip()));
            }
            versions.add(plain);
        }
        versions.remove("");
        return String.join(",", versions);
    }

    private String address(String url, Set<String> hashes) throws Refused {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("file:") || !lower.contains("://")) {
            throw new Refused("names a file of the machine; put the wheel into the project and name its path");
        }
        if (CREDENTIALS.matcher(lower).matches()) {
            throw new Refused("has a user name in an address, which everybody could read there; remove it");
        }
        if (lower.startsWith("git+")
                || lower.startsWith("hg+")
                || lower.startsWith("svn+")
                || lower.startsWith("bzr+")) {
            throw new Refused(
                    "takes sources from version control, which runs their code where they are built. Make a wheel of"
                            + " them (pip wheel), put that into the project and name it here");
        }
        if (!rules.allows(url)) {
            throw new Refused("takes a package from an address that the service's operator has not allowed"
                    + " (slipway.environments.allow-urls); put the wheel into the project and name its path");
        }
        if (hashes.isEmpty() && !lower.matches(".*#(.*&)?sha256=[0-9a-f]{64}(&.*)?")) {
            throw new Refused("takes a package from an address without a hash; add --hash=sha256:…");
        }
        if (!rules.sdists() && !lower.replaceFirst("[?#].*", "").endsWith(".whl")) {
            throw new Refused("takes sources from an address; only wheels are installed");
        }
        return url;
    }

    private String wheel(String folder, String written, Set<String> hashes) throws Refused {
        ProjectFile file = wheelFile(folder, written);
        String name = file.path().substring(file.path().lastIndexOf('/') + 1);
        if (!WHEEL_NAME.matcher(name).matches()) {
            throw new Refused("names " + Printable.quoted(name)
                    + ", which is no name of a wheel; pip needs it as the build wrote it");
        }
        wheels.put(file.path(), file.sha256());
        if (!hashes.isEmpty()) {
            hashes.clear();
            hashes.add("sha256:" + file.sha256());
        }
        return Requirements.WHEELS + file.sha256() + "/" + name;
    }

    /** As pip has it, from the root; as people mean it, from the file's own folder, too. */
    private ProjectFile wheelFile(String folder, String written) throws Refused {
        Optional<ProjectFile> fromRoot = at(written);
        return fromRoot.or(() -> at(folder + written))
                .orElseThrow(() ->
                        new Refused("names the wheel " + Printable.quoted(written) + ", which is not in the project"));
    }

    private Optional<ProjectFile> at(String path) {
        try {
            return sources.file(EntryPath.of(RequirementsText.climbed(path)).value());
        } catch (InvalidProject outside) {
            return Optional.empty();
        }
    }
}
