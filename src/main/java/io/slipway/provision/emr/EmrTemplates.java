package io.slipway.provision.emr;

import io.slipway.provision.emr.EmrTemplate.Access;
import io.slipway.provision.emr.EmrTemplate.Hardware;
import io.slipway.provision.emr.EmrTemplate.Lifetime;
import io.slipway.provision.emr.EmrTemplate.Software;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * The templates of the settings. Each is bound in four parts that share its prefix, and what none of them knows is refused: a word that is
 * misspelt would cost money.
 */
record EmrTemplates(Map<String, EmrTemplate> byCluster, Map<String, Integer> lookAhead) {

    private static final List<Class<? extends Record>> PARTS =
            List.of(Hardware.class, Software.class, Access.class, Lifetime.class);

    /** @throws IllegalStateException with a sentence for each fault */
    static EmrTemplates of(Binder binder) {
        Map<String, EmrTemplate> found = new LinkedHashMap<>();
        Map<String, Integer> lookAhead = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        Set<String> names = binder.bind("slipway.clusters", Bindable.mapOf(String.class, Object.class))
                .map(Map::keySet)
                .orElse(Set.of());
        for (String name : names) {
            String emr = "slipway.clusters." + name + ".emr";
            Set<String> written = binder.bind(emr + ".template", Bindable.mapOf(String.class, Object.class))
                    .map(Map::keySet)
                    .orElse(Set.of());
            if (!written.isEmpty()) {
                EmrTemplate template = bind(name, emr + ".template", binder);
                faults.addAll(unknown(emr + ".template", written));
                faults.addAll(TemplateCheck.faults(template));
                found.put(name, template);
                lookAhead.put(
                        name, binder.bind(emr + ".look-ahead", Integer.class).orElse(2));
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalStateException(String.join(" ", faults));
        }
        return new EmrTemplates(Collections.unmodifiableMap(found), lookAhead);
    }

    private static EmrTemplate bind(String name, String prefix, Binder binder) {
        return new EmrTemplate(
                name,
                binder.bindOrCreate(prefix, Hardware.class),
                binder.bindOrCreate(prefix, Software.class),
                binder.bindOrCreate(prefix, Access.class),
                binder.bindOrCreate(prefix, Lifetime.class));
    }

    private static List<String> unknown(String prefix, Set<String> written) {
        Set<String> known = PARTS.stream()
                .flatMap(part -> Stream.of(part.getRecordComponents()))
                .map(RecordComponent::getName)
                .map(EmrTemplates::plain)
                .collect(Collectors.toSet());
        return new TreeSet<>(written)
                .stream()
                        .filter(word -> !known.contains(plain(word)))
                        .map(word -> prefix + "." + word + " is not known; known are "
                                + PARTS.stream()
                                        .flatMap(part -> Stream.of(part.getRecordComponents()))
                                        .map(component -> dashed(component.getName()))
                                        .sorted()
                                        .collect(Collectors.joining(", "))
                                + ".")
                        .toList();
    }

    /** As relaxed binding compares names. */
    private static String plain(String word) {
        return word.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
