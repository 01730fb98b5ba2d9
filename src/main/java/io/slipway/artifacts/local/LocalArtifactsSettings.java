package io.slipway.artifacts.local;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param enabled false where clusters or other replicas have to reach the artifacts, as in profile {@code aws} */
@ConfigurationProperties("slipway.artifacts.local")
record LocalArtifactsSettings(@DefaultValue("true") boolean enabled) {}
