package io.slipway.artifacts;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The folder of this machine under which everything lives that is not in a database or a bucket.
 *
 * @param home {@code slipway.home}; relative to the folder that the service was started in
 */
@ConfigurationProperties("slipway")
public record Home(@DefaultValue("./slipway-data") Path home) {

    public Home {
        home = home.toAbsolutePath().normalize();
    }

    /** Uploads on their way in; nothing here outlives a start of the service. */
    public Path incoming() {
        return home.resolve("incoming");
    }

    /** The local artifact store. */
    public Path artifacts() {
        return home.resolve("artifacts");
    }

    /** One folder for each Python environment that was built on this machine. */
    public Path environments() {
        return home.resolve("environments");
    }

    /** One folder for each local run, named by its submission key. */
    public Path runs() {
        return home.resolve("runs");
    }
}
