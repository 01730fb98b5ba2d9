package io.slipway.livy;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Describes the settings; the room's parts are there only while it is on. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LivySettings.class)
class LivyConfiguration {}
