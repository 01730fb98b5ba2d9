package io.slipway.project.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentListingTest {

    private static final long MOST = 100L << 20;
    private static final String LONG_NAME = "././@LongLink";

    @TempDir
    private Path folder;

    @Test
    void compiledLibrariesAreLargeAndNoFault() throws IOException {
        byte[] library = new byte[5 << 20];
        new Random(1).nextBytes(library);

        Path environment = environment("lib/libopenblas.so", library, "bin/python", new byte[3 << 20]);

        assertThat(EnvironmentListing.fault(environment, MOST)).isEmpty();
        assertThat(EnvironmentListing.fault(environment, 4 << 20))
                .hasValueSatisfying(fault -> assertThat(fault).contains("unpacks to more"));
    }

    @Test
    void aHeaderWithoutEndIsAFaultAndNotAReasonToLookAgain() throws IOException {
        // GNU's long name of the entry that follows.
        Path environment = environment("bin/python", new byte[1], LONG_NAME, new byte[3 << 20], "a", new byte[1]);

        assertThat(EnvironmentListing.fault(environment, MOST)).hasValue("it is no readable .tar.gz");
    }

    @Test
    void whatIsCutOffOrNoGzipIsAFault() throws IOException {
        byte[] noise = new byte[2 << 20];
        new Random(1).nextBytes(noise);
        byte[] whole = Files.readAllBytes(environment("bin/python", noise));

        Path part = Files.write(folder.resolve("part"), Arrays.copyOf(whole, whole.length / 2));
        assertThat(EnvironmentListing.fault(part, MOST)).isNotEmpty();
        assertThat(EnvironmentListing.fault(Files.write(folder.resolve("noise"), noise), MOST))
                .isNotEmpty();
    }

    @Test
    void aFileThatIsNotThereIsNoWordOnTheEnvironment() {
        assertThatThrownBy(() -> EnvironmentListing.fault(folder.resolve("none"), MOST))
                .isInstanceOf(NoSuchFileException.class);
    }

    private Path environment(Object... pathsAndContents) throws IOException {
        Path file = folder.resolve("environment.tar.gz");
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)), UTF_8.name())) {
            for (int i = 0; i < pathsAndContents.length; i += 2) {
                byte[] content = (byte[]) pathsAndContents[i + 1];
                String path = (String) pathsAndContents[i];
                TarArchiveEntry entry = path.equals(LONG_NAME)
                        ? new TarArchiveEntry(path, TarConstants.LF_GNUTYPE_LONGNAME)
                        : new TarArchiveEntry(path);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return file;
    }
}
