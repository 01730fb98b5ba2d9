package io.slipway.environments;

import io.slipway.project.requirements.Requirements;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** What makes an environment another one, in one SHA-256. */
final class EnvironmentKey {

    private EnvironmentKey() {}

    /** What not everything is hashed of is an owner's and a role's own: what they may see of an index may differ. */
    static String of(Requirements requirements, EnvironmentWish wish, BuildSite site, EnvironmentsSettings settings) {
        MessageDigest digest = sha256();
        add(digest, requirements.lines());
        add(digest, requirements.constraints());
        add(digest, List.of(String.valueOf(requirements.locked()), String.valueOf(settings.allowSdists())));
        add(digest, List.of(Objects.requireNonNullElse(settings.indexUrl(), "")));
        add(digest, settings.extraIndexUrls());
        add(digest, List.of(site.python(), site.version(), site.platform(), site.tools()));
        if (!requirements.isHashed()) {
            add(digest, List.of(wish.owner(), Objects.requireNonNullElse(wish.executionRole(), "")));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** By its content, where it is stored. */
    static String idOf(String content) {
        return HexFormat.of().formatHex(sha256().digest(content.getBytes(StandardCharsets.UTF_8)));
    }

    /** No text can be taken for two others. */
    private static void add(MessageDigest digest, List<String> texts) {
        digest.update((texts.size() + ";").getBytes(StandardCharsets.UTF_8));
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
