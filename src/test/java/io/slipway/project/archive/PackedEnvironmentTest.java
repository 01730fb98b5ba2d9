package io.slipway.project.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.project.Finding;
import io.slipway.project.HeldBytes;
import io.slipway.project.InvalidProject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedEnvironmentTest {

    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;
    private static final int PPC64 = 21;

    @TempDir
    Path folder;

    @Test
    void anEnvironmentThatFitsHasNothingAgainstIt() throws IOException {
        Packed packed = conda().file("lib/python3.9/site-packages/a.so", elf(X86_64, "GLIBC_2.17", "GLIBC_2.2.5"));

        assertThat(findings(packed)).isEmpty();
        assertThat(packed.read().python()).isEqualTo("3.9");
        assertThat(packed.read().code().glibc()).isEqualTo("2.17");
    }

    @Test
    void aNewerGlibcThanTheNodesHaveIsToldWhereverItsNameLies() throws IOException {
        // The name lies across two of the blocks that are read.
        for (int before : new int[] {0, 65_505, 65_510, 65_515, 65_520, 65_536}) {
            byte[] library = elf(X86_64, "x".repeat(before), "GLIBC_2.35", "GLIBC_2.4");
            assertThat(codes(findings(conda().file("lib/libx.so.1", library))))
                    .as("after %d bytes", before)
                    .containsExactly("environment-glibc");
        }
        assertThat(findings(conda().file("share/notes.txt", "\0GLIBC_2.99\0".repeat(9))))
                .isEmpty();
    }

    @Test
    void aLargeFileThatIsNoCodeIsNoDamage() throws IOException {
        assertThat(findings(conda().file("share/table.csv", "1,2,3\n".repeat(500_000))
                        .file("share/last.txt", "")))
                .isEmpty();
    }

    @Test
    void codeForAnotherMachineIsTold() throws IOException {
        assertThat(codes(findings(conda().file("lib/a.so", elf(PPC64))))).containsExactly("environment-architecture");
        assertThat(findings(conda().file("lib/a.so", elf(AARCH64))).get(0).what())
                .contains("both");
        byte[] ofMac = {
            (byte) 0xCF, (byte) 0xFA, (byte) 0xED, (byte) 0xFE, 7, 0, 0, 1, 3, 0, 0, 0, 2, 0, 0, 0, 9, 9, 9, 9
        };
        assertThat(findings(conda().file("lib/a.so", ofMac)).get(0).what()).contains("macOS");
        refused(new Packed().file("bin/python", ofMac), "macOS", "on Linux");
    }

    @Test
    void codeForTheOtherMachineIsToldWhereThatOfTheNodesIsKnown() throws IOException {
        PackedEnvironment read =
                conda().file("lib/python3.9/site-packages/a.so", elf(X86_64)).read();

        assertThat(read.findings(null, "x86_64", List.of())).isEmpty();
        assertThat(read.findings(null, null, List.of())).isEmpty();
        assertThat(read.findings(null, "aarch64", List.of()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("x86_64", "the cluster's nodes are aarch64"));
    }

    @Test
    void aLinkToAnInterpreterThatTheNodesDoNotHaveIsTold() throws IOException {
        assertThat(findings(venv("/usr/bin/python3.9", "3.9"))).isEmpty();
        assertThat(codes(findings(venv("/home/me/.pyenv/bin/python3.9", "3.9"))))
                .containsExactly("environment-interpreter-outside");
        assertThat(codes(findings(venv("../../opt/python", "3.9")))).containsExactly("environment-interpreter-outside");
        assertThat(codes(findings(venv("/usr/bin/python3.10", "3.10")))).containsExactly("environment-python-version");
        // As venv --copies makes it: the program is in it, its library is not.
        Packed copied = new Packed().file("bin/python", elf(X86_64)).file("lib/python3.10/site-packages/a.py", "");
        assertThat(codes(findings(copied))).containsExactly("environment-python-version");
    }

    @Test
    void aPathThatLeadsOutIsTold() throws IOException {
        assertThat(codes(findings(conda().file("../../evil.py", "")))).containsExactly("environment-path-outside");
        assertThat(findings(conda().file("lib/../../evil.py", "")).get(0).what())
                .contains("lib/../../evil.py");
        assertThat(findings(conda().file("./lib/plain.py", ""))).isEmpty();
    }

    @Test
    void anInterpreterOfItsOwnMayBeOfAnyVersion() throws IOException {
        assertThat(findings(new Packed()
                        .link("bin/python", "python3.10")
                        .file("bin/python3.10", elf(X86_64))
                        .file("lib/python3.10/os.py", "")))
                .isEmpty();
    }

    @Test
    void whatStartsNoPythonIsRefusedWithTheWayOut() throws IOException {
        refused(new Packed().file("env/bin/python", elf(X86_64)), "no bin/python", "conda-pack");
        refused(new Packed().link("bin/python", "python3"), "bin/python3, which is not in it", "venv-pack");
        refused(new Packed().link("bin/python", "python3").link("bin/python3", "python"), "circle", "anew");
    }

    @Test
    void anEnvironmentThatPythonMadeAndPackedIsUnderstood() throws Exception {
        Path made = folder.resolve("made");
        run("python3", "-m", "venv", "--without-pip", made.toString());
        Path packed = folder.resolve("real.tar.gz");
        run("tar", "-czf", packed.toString(), "-C", made.toString(), ".");

        PackedEnvironment read = PackedEnvironment.of(HeldBytes.of(packed), ArchiveLimits.DEFAULTS);

        String version = run("python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])");
        assertThat(read.python()).isEqualTo(version.strip());
        assertThat(read.outside())
                .isEqualTo(Files.readSymbolicLink(firstOutside(made)).toString());
        assertThat(codes(read.findings("2.34", null, List.of("2.0")))).contains("environment-python-version");
    }

    private static Path firstOutside(Path made) throws IOException {
        Path link = made.resolve("bin/python");
        while (!Files.readSymbolicLink(link).isAbsolute()) {
            link = link.resolveSibling(Files.readSymbolicLink(link));
        }
        return link;
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static List<Finding> findings(Packed packed) throws IOException {
        return packed.read().findings("2.34", null, List.of("3.9", "3.11"));
    }

    private static List<String> codes(List<Finding> findings) {
        return findings.stream().map(Finding::code).toList();
    }

    private static void refused(Packed packed, String... words) {
        assertThatThrownBy(packed::read).isInstanceOf(InvalidProject.class).hasMessageContainingAll(words);
    }

    private Packed conda() throws IOException {
        return new Packed().file("bin/python", elf(X86_64, "GLIBC_2.17")).file("lib/python3.9/os.py", "");
    }

    private Packed venv(String interpreter, String version) throws IOException {
        return new Packed()
                .link("./bin/python", "python3")
                .link("./bin/python3", interpreter)
                .file("./lib/python" + version + "/site-packages/a.py", "");
    }

    private static byte[] elf(int machine, String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, (byte) machine, 0});
        bytes.write(0);
        for (String name : names) {
            bytes.write(name.getBytes(StandardCharsets.US_ASCII));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    private final class Packed {

        private final Path file = folder.resolve("env-" + System.nanoTime() + ".tar.gz");
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream tar;

        private Packed() throws IOException {
            tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes));
        }

        private Packed link(String name, String target) throws IOException {
            TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            link.setLinkName(target);
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
            return this;
        }

        private Packed file(String name, String content) throws IOException {
            return file(name, content.getBytes(StandardCharsets.US_ASCII));
        }

        private Packed file(String name, byte[] content) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        }

        private PackedEnvironment read() throws IOException {
            tar.close();
            Files.write(file, bytes.toByteArray());
            return PackedEnvironment.of(HeldBytes.of(file), ArchiveLimits.DEFAULTS);
        }
    }
}
