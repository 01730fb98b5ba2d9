package io.slipway.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The configured tokens. Only their hashes are known, and comparing takes the same time wherever they differ. */
final class Tokens {

    private final Map<String, byte[]> hashes;

    Tokens(SecuritySettings settings) {
        this.hashes = settings.tokens().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> HexFormat.of().parseHex(entry.getValue())));
    }

    boolean none() {
        return hashes.isEmpty();
    }

    Optional<String> ownerOf(String token) {
        byte[] hash = sha256(token);
        return hashes.entrySet().stream()
                .filter(entry -> MessageDigest.isEqual(entry.getValue(), hash))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
