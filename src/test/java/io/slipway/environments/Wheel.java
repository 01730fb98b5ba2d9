package io.slipway.environments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A wheel as pip takes it, made of a few texts. */
public final class Wheel {

    private final String name;
    private final String version;
    private final StringBuilder metadata = new StringBuilder();
    private final Map<String, String> files = new LinkedHashMap<>();
    private String tag = "py3-none-any";

    private Wheel(String name, String version) {
        this.name = name;
        this.version = version;
    }

    public static Wheel of(String name, String version) {
        return new Wheel(name, version).file(name + ".py", "VERSION = '" + version + "'\n");
    }

    public Wheel file(String path, String text) {
        files.put(path, text);
        return this;
    }

    public Wheel requires(String requirement) {
        metadata.append("Requires-Dist: ").append(requirement).append('\n');
        return this;
    }

    public Wheel script(String command, String function) {
        return file(info() + "entry_points.txt", "[console_scripts]\n" + command + " = " + function + "\n");
    }

    public Wheel tag(String other) {
        this.tag = other;
        return this;
    }

    public String name() {
        return name;
    }

    public String fileName() {
        return name + "-" + version + "-" + tag + ".whl";
    }

    private String info() {
        return name + "-" + version + ".dist-info/";
    }

    public byte[] bytes() {
        Map<String, String> all = new LinkedHashMap<>(files);
        all.put(
                info() + "METADATA",
                "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n" + metadata);
        all.put(info() + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: " + tag + "\n");
        StringBuilder record = new StringBuilder();
        all.forEach((path, text) -> record.append(path)
                .append(",sha256=")
                .append(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(sha256(text.getBytes(StandardCharsets.UTF_8))))
                .append(',')
                .append(text.getBytes(StandardCharsets.UTF_8).length)
                .append('\n'));
        all.put(info() + "RECORD", record + info() + "RECORD,,\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> file : all.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTime(1_700_000_000_000L);
                zip.putNextEntry(entry);
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public String sha256() {
        return HexFormat.of().formatHex(sha256(bytes()));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
