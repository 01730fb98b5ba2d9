package io.slipway.access;

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

    /** Differs from that of the owner's token before; nothing can be learned from it about the token itself. */
    Optional<String> fingerprint(String owner) {
        return Optional.ofNullable(hashes.get(owner)).map(hash -> HexFormat.of().formatHex(sha256(hash)));
    }

    /** The SHA-256 in hex. */
    static String hash(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    private static byte[] sha256(String token) {
        return sha256(token.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
