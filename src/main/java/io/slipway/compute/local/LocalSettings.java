package io.slipway.compute.local;

import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How runs on this machine are started and ended.
 *
 * @param python the interpreter of projects and of their supervisors, 3.7 or newer: a name on the PATH, or a path
 * @param passEnvironment names of variables of the service that runs may see too; secrets of the service do not belong here
 * @param killGrace how long a run that is being stopped may take to end by itself before it is killed
 * @param startWait how long a supervisor may take to start before nothing is known of its run
 */
@ConfigurationProperties("slipway.compute.local")
@Validated
record LocalSettings(
        @DefaultValue("python3") @NotBlank String python,
        @DefaultValue List<String> passEnvironment,
        @DefaultValue("10s") Duration killGrace,
        @DefaultValue("10s") Duration startWait) {

    LocalSettings {
        passEnvironment = List.copyOf(passEnvironment);
    }
}
