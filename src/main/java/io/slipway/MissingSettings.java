package io.slipway;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Profiles;
import org.springframework.util.StringUtils;

/**
 * Tells all that profile {@code aws} needs and does not have, in one sentence: whoever sets the service up should not learn of the second
 * setting only after the first. What is set wrongly is told by the room whose setting it is.
 */
final class MissingSettings implements ApplicationListener<ApplicationContextInitializedEvent>, Ordered {

    private static final Bindable<Map<String, Object>> MAP = Bindable.mapOf(String.class, Object.class);

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ApplicationContextInitializedEvent event) {
        ConfigurableEnvironment settings = event.getApplicationContext().getEnvironment();
        if (!settings.acceptsProfiles(Profiles.of("aws"))) {
            return;
        }
        List<String> missing = missing(settings);
        if (!missing.isEmpty()) {
            if (isRegionUnknown(settings)) {
                missing.add("AWS_REGION (not needed on a machine of AWS, where the SDK finds it)");
            }
            throw new IllegalStateException("Profile aws needs settings that are not set: " + String.join("; ", missing)
                    + ". docs/operating.md, \"From an AWS account to the first job\", says where each comes from.");
        }
    }

    private static List<String> missing(ConfigurableEnvironment settings) {
        Binder binder = Binder.get(settings);
        List<String> missing = new ArrayList<>();
        if (!StringUtils.hasText(settings.getProperty("spring.datasource.url"))) {
            missing.add("spring.datasource.url (jdbc:postgresql://HOST:5432/DATABASE, with .username and .password)");
        }
        if (!StringUtils.hasText(settings.getProperty("slipway.artifacts.s3.bucket"))
                && !is(settings, "slipway.artifacts.local.enabled")) {
            missing.add("slipway.artifacts.s3.bucket (where projects are staged)");
        }
        if (isEmpty(binder, "slipway.clusters") && !is(settings, "slipway.compute.local.enabled")) {
            missing.add("slipway.clusters.<name>.emr.cluster-id (j-…; or .emr.name, .emr.tags)");
        }
        if (isEmpty(binder, "slipway.security.tokens")
                && !is(settings, "slipway.security.anonymous")
                && "0.0.0.0".equals(settings.getProperty("server.address"))) {
            missing.add("slipway.security.tokens (owner: SHA-256 of the owner's token)");
        }
        return missing;
    }

    private static boolean is(ConfigurableEnvironment settings, String name) {
        return Boolean.parseBoolean(settings.getProperty(name));
    }

    private static boolean isEmpty(Binder binder, String name) {
        return binder.bind(name, MAP).map(Map::isEmpty).orElse(true);
    }

    private static boolean isRegionUnknown(ConfigurableEnvironment settings) {
        boolean isNamed = StringUtils.hasText(settings.getProperty("AWS_REGION"))
                || StringUtils.hasText(settings.getProperty("aws.region"));
        String file = settings.getProperty("AWS_CONFIG_FILE", settings.getProperty("user.home", "") + "/.aws/config");
        return !isNamed && !Files.exists(Path.of(file));
    }
}
