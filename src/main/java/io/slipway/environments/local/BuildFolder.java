package io.slipway.environments.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All that this machine knows of one build; {@code environment.py} tells what each file means and writes most of them. */
record BuildFolder(Path path) {

    private static final Pattern INTENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,60}");
    private static final FileAttribute<?> OURS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Closing any descriptor of a file drops all locks of the JVM on it, and two threads may not ask for one at once. */
    private static final Object ONE_PROBE_AT_A_TIME = new Object();

    static BuildFolder of(Path folder, String intent) {
        if (!INTENT.matcher(intent).matches()) {
            throw new IllegalArgumentException("not the name of a build: " + intent);
        }
        return new BuildFolder(folder.resolve(intent));
    }

    void create() throws IOException {
        Files.createDirectories(path, OURS_ALONE);
    }

    void order(String json) throws IOException {
        Path copy = Files.createTempFile(path, "order-", ".tmp");
        Files.writeString(copy, json);
        Files.move(
                copy, path.resolve("order.json"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    Path python() {
        return path.resolve("venv/bin/python");
    }

    /** Some builder has taken it: from here on no other ever will. */
    boolean isStarted() {
        return Files.exists(path.resolve("started"));
    }

    boolean isAlive() throws IOException {
        synchronized (ONE_PROBE_AT_A_TIME) {
            try (FileChannel lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.READ);
                    FileLock free = lock.tryLock(0, Long.MAX_VALUE, true)) {
                return free == null;
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }

    byte @Nullable [] result() throws IOException {
        try {
            return Files.readAllBytes(path.resolve("result.json"));
        } catch (NoSuchFileException notYet) {
            return null;
        }
    }

    void requestCancel() throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        try {
            Files.createFile(path.resolve("cancel"));
        } catch (FileAlreadyExistsException again) {
            // The wish is there already.
        }
    }

    InputStream log(long offset) throws IOException {
        try {
            FileChannel channel = FileChannel.open(path.resolve("build.log"), StandardOpenOption.READ);
            channel.position(offset);
            return Channels.newInputStream(channel);
        } catch (NoSuchFileException nothing) {
            return new java.io.ByteArrayInputStream("".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A run that installs something has it in vain, and not in the environment of others. */
    void protect() throws IOException {
        each(file -> write(file, false));
    }

    void delete() throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                write(folder, true);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private interface Change {
        void of(Path file) throws IOException;
    }

    private void each(Change change) throws IOException {
        Files.walkFileTree(path.resolve("venv"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!attributes.isSymbolicLink()) {
                    change.of(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                change.of(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void write(Path file, boolean may) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        boolean changes = may
                ? permissions.add(PosixFilePermission.OWNER_WRITE)
                : permissions.removeAll(Set.of(
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.GROUP_WRITE,
                        PosixFilePermission.OTHERS_WRITE));
        if (changes) {
            Files.setPosixFilePermissions(file, permissions);
        }
    }
}
