package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The README names nothing that is not there. */
class ReadmeTest {

    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final String README = read(ROOT.resolve("README.md"));

    @Test
    void isShortEnoughToBeRead() {
        assertThat(README.lines()).hasSizeLessThanOrEqualTo(250);
    }

    @Test
    void namesOnlySettingsThatExist() throws IOException {
        Set<String> known = settings();
        assertThat(known).contains("slipway.home");
        assertThat(all("`(slipway\\.[a-z0-9.-]+)`"))
                .isNotEmpty()
                .allSatisfy(setting ->
                        assertThat(known).anyMatch(name -> name.equals(setting) || name.startsWith(setting + ".")));
    }

    @Test
    void namesOnlyFilesThatExist() {
        assertThat(all("`?(?:\\./)?((?:examples|helm|src)/[A-Za-z0-9_./-]+[A-Za-z0-9])`?"))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(ROOT.resolve(file)).exists());
        assertThat(ROOT.resolve("quickstart")).isExecutable();
        assertThat(ROOT.resolve("verify")).isExecutable();
    }

    @Test
    void namesOnlyClassesThatExist() throws IOException {
        Set<String> sources;
        try (Stream<Path> files = Files.walk(ROOT.resolve("src"))) {
            sources = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
        String codeMap = README.substring(README.indexOf("## Code map"), README.indexOf("## Easy to get wrong"));
        List<String> named = all("`([A-Z][A-Za-z0-9]+|[a-z_]+\\.py)`", codeMap);
        assertThat(named)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(sources).contains(name.endsWith(".py") ? name : name + ".java"));
    }

    @Test
    void namesEveryRoom() throws IOException {
        String codeMap = README.substring(README.indexOf("## Code map"));
        try (Stream<Path> rooms = Files.list(ROOT.resolve("src/main/java/io/slipway"))) {
            assertThat(rooms.filter(Files::isDirectory)
                            .map(room -> room.getFileName().toString()))
                    .allSatisfy(room -> assertThat(codeMap).contains("| `" + room + "`"));
        }
    }

    private static Set<String> settings() throws IOException {
        Set<String> names = new HashSet<>();
        try (InputStream metadata =
                ReadmeTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property :
                    JsonMapper.builder().build().readTree(metadata).path("properties")) {
                names.add(property.path("name").asString());
            }
        }
        return names;
    }

    private static List<String> all(String pattern) {
        return all(pattern, README);
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
