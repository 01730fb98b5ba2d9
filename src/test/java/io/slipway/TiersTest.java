package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.junit.AnalyzeClasses;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Every test class is in exactly one tier: "default" (./verify), "full" (./verify --all, which runs the default tier, too) or "bench" (run by name,
 * for figures). No class is forgotten because of its name, and none is left out because of a tag that nobody runs.
 */
class TiersTest {

    private static final String DEFAULT = "default";

    @Test
    void everyTestClassIsInExactlyOneTier() {
        List<Class<?>> classes = testClasses();
        assertThat(classes)
                .hasSizeGreaterThan(100)
                .allSatisfy(type -> assertThat(tiers(type))
                        .as(type.getName())
                        .singleElement()
                        .isIn(DEFAULT, "full", "bench"));
        Map<String, Long> sizes = classes.stream()
                .collect(Collectors.groupingBy(type -> tiers(type).get(0), Collectors.counting()));
        assertThat(sizes).containsOnlyKeys(DEFAULT, "full", "bench");
    }

    @Test
    void everyTestClassHasANameThatMavenRuns() {
        assertThat(testClasses()).allSatisfy(type -> {
            boolean bench = tiers(type).contains("bench");
            assertThat(type.getSimpleName())
                    .as("*Test is run by Surefire, *IT by Failsafe, *Bench only by name")
                    .matches(bench ? ".*Bench" : ".*(Test|IT)");
        });
    }

    @Test
    void theBuildLeavesOutWhatTheTiersSay() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        assertThat(pom)
                .contains("<tests.left-out>full,bench</tests.left-out>")
                .containsPattern("(?s)<id>all</id>\\s*<properties>\\s*<tests.left-out>bench</tests.left-out>");
        assertThat(pom.split("<excludedGroups>\\$\\{tests.left-out}</excludedGroups>", -1))
                .as("Surefire and Failsafe")
                .hasSize(3);
        assertThat(Path.of(".ci/run")).content().contains("./verify");
    }

    private static List<String> tiers(Class<?> type) {
        List<String> tags = AnnotationSupport.findRepeatableAnnotations(type, Tag.class).stream()
                .map(Tag::value)
                .toList();
        return tags.isEmpty() ? List.of(DEFAULT) : tags;
    }

    private static List<Class<?>> testClasses() {
        return ReflectionSupport.findAllClassesInPackage("io.slipway", TiersTest::hasTests, name -> true);
    }

    private static boolean hasTests(Class<?> type) {
        if (Modifier.isAbstract(type.getModifiers()) || AnnotationSupport.isAnnotated(type, Nested.class)) {
            return false;
        }
        return AnnotationSupport.isAnnotated(type, AnalyzeClasses.class)
                || !AnnotationSupport.findAnnotatedMethods(type, Testable.class, HierarchyTraversalMode.TOP_DOWN)
                        .isEmpty();
    }
}
