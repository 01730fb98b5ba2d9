package io.slipway.project.requirements;

import java.util.List;

/**
 * What a requirement file may ask for.
 *
 * @param sdists whether source distributions may be built, which runs their code
 * @param urls beginnings of addresses from which a wheel may be taken directly
 */
public record RequirementRules(boolean sdists, List<String> urls) {

    public static final RequirementRules STRICT = new RequirementRules(false, List.of());

    public RequirementRules {
        urls = List.copyOf(urls);
    }

    boolean allows(String url) {
        return urls.stream().anyMatch(url::startsWith);
    }
}
