package io.slipway.api;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The limits that Tomcat puts on a form, to be named when one is hit.
 *
 * @param maxPartCount parts of one form, fields included
 * @param maxPartHeaderSize header of one part, its file name included
 */
@ConfigurationProperties("server.tomcat")
record UploadLimits(
        @DefaultValue("1000") int maxPartCount,
        @DefaultValue("4KB") DataSize maxPartHeaderSize) {}
