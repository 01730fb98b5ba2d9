package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is written for contributors and operators names nothing that is not there, and the root holds what a visitor looks for. */
class DocsTest {

    private static final Path ROOT = Path.of("").toAbsolutePath();

    /** Words with a capital inside that are no classes of ours, but are set as code. */
    private static final Set<String> NOT_OURS = Set.of("EnableApplicationScopedIAMRole", "IfNotPresent", "ClusterIP");

    @TestFactory
    Stream<DynamicTest> linksLeadToFiles() throws IOException {
        return each(file -> assertThat(all("\\]\\(([^)#:]+)(?:#[^)]*)?\\)", file))
                .allSatisfy(link -> assertThat(file.resolveSibling(link)).exists()));
    }

    @TestFactory
    Stream<DynamicTest> classesAndFilesExist() throws IOException {
        Set<String> sources = sources();
        String policies = Files.readString(ROOT.resolve("examples/iam/service.json"))
                + Files.readString(ROOT.resolve("examples/iam/instance-profile.json"))
                + Files.readString(ROOT.resolve("examples/iam/sources.json"));
        return each(file -> {
            assertThat(all("`([A-Z][a-z0-9]+[A-Z][A-Za-z0-9]*|[a-z_]+\\.(?:py|js|html))`", file))
                    .filteredOn(name -> !NOT_OURS.contains(name) && !policies.contains("\"Sid\": \"" + name + '"'))
                    .allSatisfy(name -> assertThat(sources).contains(name.contains(".") ? name : name + ".java"));
            assertThat(all("`((?:src|examples|helm|docs)/[A-Za-z0-9_./-]+[A-Za-z0-9])`", file))
                    .allSatisfy(path -> assertThat(ROOT.resolve(path)).exists());
        });
    }

    @TestFactory
    Stream<DynamicTest> settingsAndMetricsExist() throws IOException {
        Set<String> known = settings();
        String code = code();
        return each(file -> assertThat(all("`(slipway\\.[a-z0-9.-]+)`", file))
                .allSatisfy(name -> assertThat(
                                known.stream().anyMatch(each -> each.equals(name) || each.startsWith(name + "."))
                                        || code.contains('"' + name + '"')
                                        || name.startsWith("slipway.clusters"))
                        .as(name)
                        .isTrue()));
    }

    @Test
    void theMetricsOfTheAlertsExist() throws IOException {
        String code = code();
        assertThat(all("`slipway_([a-z_]+?)(?:_total)?(?:\\{[^`]*)?`", ROOT.resolve("docs/operating.md")))
                .hasSizeGreaterThan(4)
                .allSatisfy(name -> assertThat(code).contains("\"slipway." + name.replace('_', '.') + '"'));
    }

    @Test
    void decisionsAreNumberedListedAndComplete() throws IOException {
        Path folder = ROOT.resolve("docs/decisions");
        String list = Files.readString(folder.resolve("README.md"));
        List<Path> pages;
        try (Stream<Path> files = Files.list(folder)) {
            pages = files.filter(file -> !file.endsWith("README.md")).sorted().toList();
        }
        assertThat(pages)
                .extracting(page -> page.getFileName().toString().substring(0, 4))
                .isEqualTo(IntStream.rangeClosed(1, pages.size())
                        .mapToObj("%04d"::formatted)
                        .toList());
        assertThat(pages).allSatisfy(page -> {
            assertThat(page).content().contains("\n## Context\n", "\n## Decision\n", "\n## Consequence\n");
            assertThat(list).contains("(" + page.getFileName() + ")");
        });
    }

    @Test
    void theGlossaryIsInOrder() throws IOException {
        List<String> words = all("(?m)^\\| ([^|]+) \\|", ROOT.resolve("docs/glossary.md")).stream()
                .filter(word -> !word.equals("word"))
                .toList();
        assertThat(words).hasSizeGreaterThan(30).isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER);
    }

    @Test
    void theChangelogIsInGroups() throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("CHANGELOG.md"));
        assertThat(lines.stream().filter(line -> line.startsWith("### ")))
                .containsExactly("### Added", "### Changed", "### Fixed");
        int first = lines.indexOf("### Added");
        assertThat(lines.subList(0, first)).as("lines in no group").noneMatch(line -> line.startsWith("- "));
    }

    @Test
    void theRootHoldsWhatAVisitorLooksFor() throws Exception {
        Process git = new ProcessBuilder("git", "ls-files")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String tracked = new String(git.getInputStream().readAllBytes());
        // Where there is no repository, as in an unpacked archive, there is nothing to say.
        if (git.waitFor() == 0) {
            assertThat(tracked.lines().map(file -> file.split("/")[0]).distinct())
                    .filteredOn(name -> !name.startsWith("."))
                    .isSubsetOf(
                            "pom.xml",
                            "src",
                            "Dockerfile",
                            "docker-compose.yml",
                            "helm",
                            "examples",
                            "docs",
                            "client",
                            "quickstart",
                            "verify",
                            "README.md",
                            "LICENSE",
                            "CONTRIBUTING.md",
                            "SECURITY.md",
                            "CHANGELOG.md");
        }
        assertThat(ROOT.resolve("LICENSE")).content().contains("Apache License", "Version 2.0, January 2004");
        assertThat(ROOT.resolve(".editorconfig")).content().contains("root = true");
    }

    private interface Check {
        void of(Path file) throws IOException;
    }

    private static Stream<DynamicTest> each(Check check) throws IOException {
        return documents().stream()
                .map(file -> DynamicTest.dynamicTest(ROOT.relativize(file).toString(), () -> check.of(file)));
    }

    private static List<Path> documents() throws IOException {
        List<Path> all;
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            all = Stream.concat(
                            docs.filter(file -> file.toString().endsWith(".md")),
                            Stream.of(
                                            "CONTRIBUTING.md",
                                            "SECURITY.md",
                                            "helm/slipway/README.md",
                                            "examples/iam/README.md",
                                            "src/checks/README.md")
                                    .map(ROOT::resolve))
                    .toList();
        }
        assertThat(all).hasSizeGreaterThan(15);
        return all;
    }

    private static Set<String> sources() throws IOException {
        try (Stream<Path> files =
                Stream.concat(Files.walk(ROOT.resolve("src/main")), Files.walk(ROOT.resolve("src/test")))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private static String code() throws IOException {
        StringBuilder code = new StringBuilder();
        try (Stream<Path> files = Files.walk(ROOT.resolve("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                code.append(Files.readString(file));
            }
        }
        return code.toString();
    }

    private static Set<String> settings() throws IOException {
        Set<String> names = new TreeSet<>();
        try (InputStream metadata =
                DocsTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : JsonMapper.shared().readTree(metadata).path("properties")) {
                names.add(property.path("name").asString());
            }
        }
        return names;
    }

    private static List<String> all(String pattern, Path file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }

    /** The table of rooms in the documentation is the one that is held. */
    @Test
    void theTableOfRoomsIsTheOneThatIsHeld() throws IOException {
        Pattern row = Pattern.compile("(?m)^\\| `(\\w+)`[^|]*\\| ([^|]+) \\|$");
        String text = Files.readString(Path.of("docs/architecture.md"));
        String table = text.substring(text.indexOf("| room | may import |"), text.indexOf("Ports are interfaces"));
        Map<String, Set<String>> written = row.matcher(table)
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(1),
                        found -> found.group(2).equals("nothing")
                                ? Set.of()
                                : Set.of(found.group(2).split(", "))));
        assertThat(written).isEqualTo(ArchitectureTest.ROOMS);
    }

    @Test
    void theWalksNameAsManyClassesAsTheySay() throws IOException {
        String text = Files.readString(Path.of("docs/architecture.md"));
        String walks = text.substring(text.indexOf("## A job's walk"), text.indexOf("## Laws"));
        Set<String> classes;
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
        Map<String, Long> said = new TreeMap<>();
        Map<String, Long> named = new TreeMap<>();
        for (String walk : walks.split("(?m)^### ")) {
            Matcher title = Pattern.compile("(.+) \\((\\d+) classes\\)\\n").matcher(walk);
            if (title.lookingAt()) {
                said.put(title.group(1), Long.valueOf(title.group(2)));
                named.put(
                        title.group(1),
                        Pattern.compile("`(?:\\w+\\.)?(\\w+)`")
                                .matcher(walk)
                                .results()
                                .map(found -> found.group(1))
                                .filter(classes::contains)
                                .distinct()
                                .count());
            }
        }
        assertThat(said).hasSize(5).isEqualTo(named);
    }
}
