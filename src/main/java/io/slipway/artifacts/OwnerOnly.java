package io.slipway.artifacts;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Modes 0700 and 0600, where the file system knows modes: projects and their environment variables are nobody's business but the
 * service's user's.
 */
public final class OwnerOnly {

    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private OwnerOnly() {}

    /** For a folder that is about to be made. */
    public static FileAttribute<?>[] folder(Path at) {
        return attributes(at, FOLDER);
    }

    /** For a file that is about to be made at, or in, the path. */
    public static FileAttribute<?>[] file(Path at) {
        return attributes(at, FILE);
    }

    /** Makes the folder and its missing parents; what is there keeps its mode. */
    public static void createFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null) {
            createFolders(parent);
        }
        try {
            Files.createDirectory(folder, folder(folder));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** Gives what is there the mode that it would have been made with. */
    public static void tighten(Path path) throws IOException {
        if (knowsModes(path)) {
            Files.setPosixFilePermissions(path, Files.isDirectory(path) ? FOLDER : FILE);
        }
    }

    private static FileAttribute<?>[] attributes(Path at, Set<PosixFilePermission> mode) {
        return knowsModes(at)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
                : new FileAttribute<?>[0];
    }

    private static boolean knowsModes(Path at) {
        return at.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
