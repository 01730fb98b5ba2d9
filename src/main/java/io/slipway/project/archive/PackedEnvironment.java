package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A Python environment as venv-pack and conda-pack write it. It is stored as it came and only ever unpacked on a cluster; what is
 * looked at here is whether a Python can be started from it.
 */
public final class PackedEnvironment {

    /** What Spark is told to start. */
    private static final Pattern PYTHON = Pattern.compile("(\\./)?bin/python");

    private PackedEnvironment() {}

    /** @return the id that a spec can name it by, {@code sha256:<hex>}; of the bytes as they came */
    public static String idOf(Path file, ArchiveLimits limits) throws IOException {
        if (!startsPython(file, limits)) {
            throw invalid(
                    "has no bin/python in it: pack the environment itself, with venv-pack -o env.tar.gz or conda-pack");
        }
        try (InputStream bytes =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            bytes.transferTo(OutputStream.nullOutputStream());
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(((DigestInputStream) bytes)
                                    .getMessageDigest()
                                    .digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static boolean startsPython(Path file, ArchiveLimits limits) {
        ReadBudget budget = new ReadBudget(limits, InspectionMemory.alone());
        try (GunzippedTar gunzipped = new GunzippedTar(file, budget);
                TarArchiveInputStream tar = new TarArchiveInputStream(gunzipped)) {
            for (TarArchiveEntry entry = next(tar, gunzipped); entry != null; entry = next(tar, gunzipped)) {
                budget.entry();
                if (!entry.isDirectory() && PYTHON.matcher(entry.getName()).matches()) {
                    return true;
                }
            }
            return false;
        } catch (InvalidProject tooLarge) {
            throw tooLarge.problem() == Problem.ARCHIVE_TOO_LARGE ? tooLarge : notATar();
        } catch (IOException | RuntimeException unreadable) {
            throw notATar();
        }
    }

    /** The header is kept only to be refused when it is endless. */
    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, GunzippedTar gunzipped)
            throws IOException {
        gunzipped.headerBegins();
        TarArchiveEntry entry = tar.getNextEntry();
        gunzipped.headerEnds();
        return entry;
    }

    private static InvalidProject notATar() {
        return invalid("is not a readable .tar.gz, or is damaged");
    }

    private static InvalidProject invalid(String what) {
        return new InvalidProject(
                Problem.INVALID_SPEC,
                "The part pythonEnvironment " + what + ".",
                List.of(new Detail("pythonEnvironment", what)));
    }
}
