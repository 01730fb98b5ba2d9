package io.slipway.compute.local;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value of PATH. Links are not followed: a virtual environment's interpreter is known by the name it was called by. */
record SearchPath(@Nullable String value) {

    /** @param program a name to look for, or a path, which is only checked */
    Optional<Path> find(String program) {
        if (program.contains(File.separator)) {
            return Optional.of(Path.of(program).toAbsolutePath()).filter(SearchPath::isProgram);
        }
        return Arrays.stream((value == null ? "/usr/local/bin:/usr/bin:/bin" : value).split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, program).toAbsolutePath())
                .filter(SearchPath::isProgram)
                .findFirst();
    }

    static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
