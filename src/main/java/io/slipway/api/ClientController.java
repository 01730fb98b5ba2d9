package io.slipway.api;

import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Hands out the command line client of this version, to everybody: who installs it has no token yet. A file to be fetched, no part of
 * the API, so it is not in the API's description.
 */
@Hidden
@RestController
class ClientController {

    static final String SHA256 = "Slipway-Client-SHA256";
    static final String VERSION = "Slipway-Client-Version";

    private static final MediaType PYTHON = new MediaType("text", "x-python", StandardCharsets.UTF_8);
    private static final Pattern VERSION_LINE = Pattern.compile("(?m)^VERSION = \"([^\"]+)\"$");

    private final @Nullable Client client;

    @Autowired
    ClientController() throws IOException {
        this(new ClassPathResource("client/slipway"));
    }

    /** @param file may be missing where the build has not put it into the class path */
    ClientController(Resource file) throws IOException {
        this.client = file.exists() ? Client.read(file) : null;
    }

    private record Client(byte[] bytes, String version, String sha256) {

        static Client read(Resource file) throws IOException {
            try (InputStream in = file.getInputStream()) {
                byte[] bytes = in.readAllBytes();
                Matcher version = VERSION_LINE.matcher(new String(bytes, StandardCharsets.UTF_8));
                return new Client(bytes, version.find() ? version.group(1) : "unknown", sha256(bytes));
            }
        }

        private static String sha256(byte[] bytes) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java has SHA-256", impossible);
            }
        }
    }

    @GetMapping("/slipway")
    ResponseEntity<byte[]> file() {
        Client found = found();
        return answer(found).contentType(PYTHON).body(found.bytes());
    }

    /** As {@code sha256sum -c} reads it. */
    @GetMapping("/slipway.sha256")
    ResponseEntity<String> sum() {
        Client found = found();
        return answer(found).contentType(MediaType.TEXT_PLAIN).body(found.sha256() + "  slipway\n");
    }

    private static ResponseEntity.BodyBuilder answer(Client client) {
        return ResponseEntity.ok()
                .eTag(client.sha256())
                .cacheControl(CacheControl.noCache())
                .header(VERSION, client.version())
                .header(SHA256, client.sha256());
    }

    private Client found() {
        if (client == null) {
            throw new ApiProblem(ProblemType.NOT_FOUND, "This build of the service holds no client.");
        }
        return client;
    }
}
