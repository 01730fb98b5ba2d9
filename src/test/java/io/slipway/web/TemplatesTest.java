package io.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a template may not do, though it renders as long as nobody looks at the case. */
class TemplatesTest {

    private static final Path TEMPLATES = Path.of("src/main/resources/templates");
    private static final Pattern TAG = Pattern.compile("<[a-z][^<>]*>", Pattern.DOTALL);
    private static final Pattern CHOICE = Pattern.compile("\\sth:(if|unless|each)=");

    @Test
    void noElementIsReplacedUnderACondition() throws IOException {
        // th:replace goes before th:if: the fragment would be made of what is not there.
        try (Stream<Path> files = Files.walk(TEMPLATES)) {
            List<String> found = files.filter(file -> file.toString().endsWith(".html"))
                    .flatMap(file -> TAG.matcher(read(file))
                            .results()
                            .map(tag -> tag.group())
                            .filter(tag -> tag.contains("th:replace=") || tag.contains("th:insert="))
                            .filter(tag -> CHOICE.matcher(tag).find())
                            .map(tag -> file.getFileName() + ": " + tag))
                    .toList();
            assertThat(found).isEmpty();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
