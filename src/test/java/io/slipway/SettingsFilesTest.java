package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What our own files say is read by somebody: Spring ignores a setting that it does not know, or knows no more, without a word. */
class SettingsFilesTest {

    private static final Pattern BOTH = Pattern.compile("<[^>]*th:(if|unless)=[^>]*th:(replace|insert)=[^>]*>"
            + "|<[^>]*th:(replace|insert)=[^>]*th:(if|unless)=[^>]*>");

    @ParameterizedTest
    @ValueSource(strings = {"application.yml", "application-aws.yml"})
    void namesOnlySettingsThatAreThereAndNotRemoved(String file) throws IOException {
        Map<String, JsonNode> known = known();
        TreeSet<String> unknown = names(file).stream()
                .filter(name -> !isKnown(name, known))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(unknown).isEmpty();
        assertThat(isKnown("server.error.whitelabel.enabled", known))
                .as("removed by Boot 4")
                .isFalse();
        assertThat(isKnown("server.no-such-thing", known)).isFalse();
    }

    /** Thymeleaf replaces an element before it asks for its condition: a condition beside a replacement guards nothing. */
    @Test
    void noTemplateHasAConditionOnAnElementThatIsReplaced() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources/templates"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .as(file.toString())
                            .doesNotContainPattern(BOTH));
        }
    }

    private static boolean isKnown(String name, Map<String, JsonNode> known) {
        JsonNode exact = known.get(name);
        if (exact != null) {
            return !exact.path("deprecation").path("level").asString("").equals("error");
        }
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            JsonNode above = known.get(name.substring(0, dot));
            if (above != null && above.path("type").asString("").startsWith("java.util.Map")) {
                return true;
            }
        }
        return false;
    }

    private static List<String> names(String file) throws IOException {
        return new YamlPropertySourceLoader()
                .load(file, new ClassPathResource(file)).stream()
                        .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
                        .map(name -> name.replaceAll("\\[\\d+]", ""))
                        .toList();
    }

    private static Map<String, JsonNode> known() throws IOException {
        Map<String, JsonNode> known = new HashMap<>();
        for (URL metadata : Collections.list(
                SettingsFilesTest.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream stream = metadata.openStream()) {
                for (JsonNode property :
                        JsonMapper.builder().build().readTree(stream).path("properties")) {
                    known.put(property.path("name").asString(), property);
                }
            }
        }
        return known;
    }
}
