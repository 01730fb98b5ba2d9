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
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** A wheel as pip takes it, made of a few texts or of a package that is installed on the machine. */
public final class Wheel {

    private final String name;
    private final String version;
    private final StringBuilder metadata = new StringBuilder();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private String tag = "py3-none-any";
    private byte @Nullable [] made;

    private Wheel(String name, String version) {
        this.name = name;
        this.version = version;
    }

    public static Wheel of(String name, String version) {
        return new Wheel(name, version).file(name + ".py", "VERSION = '" + version + "'\n");
    }

    /** Without any file. */
    static Wheel empty(String name, String version) {
        return new Wheel(name, version);
    }

    public Wheel file(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    Wheel file(String path, byte[] content) {
        made = null;
        files.put(path, content);
        return this;
    }

    public Wheel requires(String requirement) {
        made = null;
        metadata.append("Requires-Dist: ").append(requirement).append('\n');
        return this;
    }

    public Wheel script(String command, String function) {
        return file(info() + "entry_points.txt", "[console_scripts]\n" + command + " = " + function + "\n");
    }

    public Wheel tag(String other) {
        made = null;
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

    /** The same object until something is added. */
    public byte[] bytes() {
        if (made == null) {
            made = make();
        }
        return made;
    }

    private byte[] make() {
        Map<String, byte[]> all = new LinkedHashMap<>(files);
        add(all, "METADATA", "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n" + metadata);
        add(all, "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: " + tag + "\n");
        StringBuilder record = new StringBuilder();
        all.forEach((path, content) -> record.append(path)
                .append(",sha256=")
                .append(Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(content)))
                .append(',')
                .append(content.length)
                .append('\n'));
        add(all, "RECORD", record + info() + "RECORD,,\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.BEST_SPEED);
            for (Map.Entry<String, byte[]> file : all.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTime(1_700_000_000_000L);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void add(Map<String, byte[]> all, String file, String text) {
        all.put(info() + file, text.getBytes(StandardCharsets.UTF_8));
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
