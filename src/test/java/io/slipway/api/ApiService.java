package io.slipway.api;

import io.slipway.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.FileSystemUtils;

/** One service for all tests that send it requests and let nothing run. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            // The SHA-256 of "secret-token".
            "slipway.security.tokens.alice=930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94",
            // The SHA-256 of "bobs-token".
            "slipway.security.tokens.bob=c8258ff6b71789efe9c0371433bac953652370c1282f9823825b913e2c9a89c4",
            "slipway.submission.max-upload=1MB",
            "slipway.submission.plans.python=/bin/true"
        })
public abstract class ApiService {

    @LocalServerPort
    int port;

    /** Lives as long as the JVM, as the context does, which the test classes share. */
    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) throws IOException {
        Path home = Files.createTempDirectory("slipway-api");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(home.toFile())));
        properties.add("slipway.home", home::toString);
        Databases.h2().configure(properties);
    }

    protected final Service alice() {
        return new Service(port, "secret-token");
    }
}
