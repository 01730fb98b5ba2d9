package io.slipway.project.archive;

import static io.slipway.project.archive.TarFixture.tar;
import static io.slipway.project.archive.ZipFixture.packed;
import static io.slipway.project.archive.ZipFixture.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.github.luben.zstd.ZstdOutputStream;
import io.slipway.project.Finding;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.LeftOut.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZOutputStream;

/** Projects as the tools of the world pack them. */
class ToolArchivesTest extends ArchiveTesting {

    private static final int LINK = 0120777;

    /** What a stream of the compression is made by. */
    private static byte[] packedBy(Compression compression, byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream packer = switch (compression) {
            case NONE -> out;
            case GZIP -> new java.util.zip.GZIPOutputStream(out);
            case BZIP2 -> new BZip2CompressorOutputStream(out, 1);
            case XZ -> new XZOutputStream(out, new LZMA2Options(1));
            case ZSTD -> new ZstdOutputStream(out, 1);
        }) {
            packer.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private Path upload(byte[] bytes) {
        return TarFixture.write(uploads, bytes);
    }

    private static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private List<LeftOut> leftOutOf(Path upload) throws IOException {
        try (ProjectArchive archive = open(upload)) {
            return archive.leftOut();
        }
    }

    private List<Finding> findingsOf(Path upload) throws IOException {
        try (ProjectArchive archive = open(upload)) {
            return archive.findings();
        }
    }

    private Map<String, Boolean> executableOf(Path upload) throws IOException {
        try (ProjectArchive archive = open(upload)) {
            return archive.files().stream()
                    .collect(java.util.stream.Collectors.toMap(ProjectFile::path, ProjectFile::executable));
        }
    }

    private static TarFixture project() {
        return tar().file("etl/main.py", "print(1)").file("etl/conf/a.ini", "[a]");
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void readsTarsOfEveryCompression(Compression compression) throws IOException {
        Path upload = upload(packedBy(compression, project().plain()));
        assertThat(filesOf(upload)).containsOnlyKeys("main.py", "conf/a.ini");
        assertThat(idOf(upload)).isEqualTo(idOf(project().in(uploads)));
    }

    /** As macOS's and FreeBSD's tar do when they write into a pipe. */
    @ParameterizedTest
    @EnumSource(Compression.class)
    void takesZerosBehindTheEnd(Compression compression) {
        byte[] packed = packedBy(compression, project().plain());
        byte[] padded = Arrays.copyOf(packed, (packed.length / 10240 + 1) * 10240);
        assertThat(filesOf(upload(padded))).containsOnlyKeys("main.py", "conf/a.ini");
    }

    @Test
    void takesZerosBehindAZip() {
        byte[] packed = zip().file("main.py", "1").file("a.ini", "2").bytes();
        assertThat(filesOf(upload(Arrays.copyOf(packed, 10240)))).containsOnlyKeys("main.py", "a.ini");
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "BZIP2", "XZ", "ZSTD"})
    void readsStreamsBehindEachOtherAsOne(Compression compression) {
        byte[] plain = project().plain();
        byte[] one = packedBy(compression, Arrays.copyOf(plain, 700));
        byte[] other = packedBy(compression, Arrays.copyOfRange(plain, 700, plain.length));
        assertThat(filesOf(upload(concatenated(one, other)))).containsOnlyKeys("main.py", "conf/a.ini");
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "BZIP2", "ZSTD"})
    void refusesWhatFollowsTheEndAndIsNoStream(Compression compression) {
        byte[] packed = packedBy(compression, project().plain());
        byte[] more = concatenated(packed, "garbage that is longer than any header".getBytes(StandardCharsets.UTF_8));
        assertThat(refusalOf(upload(more)).problem()).isEqualTo(Problem.DAMAGED_ARCHIVE);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void refusesAStreamThatWasCutOffAnywhere(Compression compression) {
        byte[] packed = packedBy(compression, project().plain());
        for (int length : new int[] {packed.length - 1, packed.length * 3 / 4, packed.length / 2}) {
            if (compression != Compression.NONE || length < packed.length / 4) {
                assertThat(refusalOf(upload(Arrays.copyOf(packed, length))).problem())
                        .as(compression + " of " + length)
                        .isEqualTo(Problem.DAMAGED_ARCHIVE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void survivesDamageWithARefusalOrTheSameFiles(Compression compression) throws IOException {
        byte[] packed = packedBy(compression, project().plain());
        Random random = new Random(11);
        for (int i = 0; i < 60; i++) {
            byte[] damaged = packed.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try (ProjectArchive archive = open(upload(damaged), "x.tar")) {
                assertThat(archive.files()).isNotEmpty();
            } catch (InvalidProject refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"BZIP2", "XZ", "ZSTD"})
    void refusesBombsOfEveryCompression(Compression compression) throws IOException {
        byte[] bomb =
                packedBy(compression, tar().file("main.py", "0".repeat(8 << 20)).plain());
        assertThat(bomb.length).isLessThan(20_000);
        assertThat(refusalOf(upload(bomb)).problem()).isEqualTo(Problem.ARCHIVE_TOO_LARGE);
    }

    @Test
    void refusesWindowsThatTakeMoreMemoryThanThereIs() throws IOException {
        byte[] plain = project().plain();
        ByteArrayOutputStream xz = new ByteArrayOutputStream();
        LZMA2Options options = new LZMA2Options(1);
        options.setDictSize(LZMA2Options.DICT_SIZE_MIN);
        try (XZOutputStream packer = new XZOutputStream(xz, options)) {
            packer.write(plain);
        }
        byte[] large = xz.toByteArray();
        withDictionary(large, 30);
        assertThat(refusalOf(upload(large)).getMessage()).contains("64 MB");
        // A zstd frame whose header asks for 128 MB, with an empty last block.
        byte[] frame = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (17 << 3), 1, 0, 0};
        assertThat(refusalOf(upload(frame)).getMessage()).contains("64 MB");
    }

    /** The block's header: size, flags, number of the filter, size of its properties, the dictionary; then zeros and a checksum. */
    private static void withDictionary(byte[] xz, int code) {
        int block = 12;
        int length = ((xz[block] & 0xFF) + 1) * 4;
        xz[block + 4] = (byte) code;
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(xz, block, length - 4);
        for (int i = 0; i < 4; i++) {
            xz[block + length - 4 + i] = (byte) (crc.getValue() >> 8 * i);
        }
    }

    @Test
    void readsMethodsThatPythonAndSevenZipOffer() throws IOException {
        byte[] text = "print('packed')\n".repeat(50).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream lzma = new ByteArrayOutputStream();
        try (LZMAOutputStream packer = new LZMAOutputStream(lzma, new LZMA2Options(1), -1L)) {
            packer.write(text);
        }
        byte[] alone = lzma.toByteArray();
        // The header of a .lzma file ends with the size, which stands elsewhere in a zip.
        byte[] inZip = concatenated(
                new byte[] {9, 20, 5, 0}, Arrays.copyOf(alone, 5), Arrays.copyOfRange(alone, 13, alone.length));
        Path upload = zip().with(packed("main.py".getBytes(StandardCharsets.UTF_8), text)
                        .method(14)
                        .compressed(inZip))
                .with(packed("b.py".getBytes(StandardCharsets.UTF_8), text)
                        .method(93)
                        .compressed(packedBy(Compression.ZSTD, text)))
                .with(packed("c.py".getBytes(StandardCharsets.UTF_8), text)
                        .method(95)
                        .compressed(packedBy(Compression.XZ, text)))
                .in(uploads);
        assertThat(filesOf(upload))
                .containsOnlyKeys("main.py", "b.py", "c.py")
                .allSatisfy((path, content) -> assertThat(content).startsWith("print('packed')"));
    }

    @Test
    void readsAZipBehindAProgram() {
        byte[] pyz = concatenated(
                "#!/usr/bin/env python3\n".getBytes(StandardCharsets.UTF_8),
                zip().file("__main__.py", "1").file("pkg/a.py", "2").bytes());
        assertThat(filesOf(upload(pyz))).containsOnlyKeys("__main__.py", "pkg/a.py");
    }

    @Test
    void namesItselfWithoutTheExtension() throws IOException {
        for (String name : new String[] {"etl.tar.xz", "etl.tar.zst", "etl.tar.bz2", "etl.tar", "etl.pyz"}) {
            try (ProjectArchive archive = open(upload(project().plain()), name)) {
                assertThat(archive.suggestedName()).isEqualTo("etl");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GBK, 数据/客户.csv",
        "windows-31j, データ/売上.csv",
        "x-windows-949, 자료/판매현황.csv",
        "Big5, 資料/銷售統計.csv",
        "IBM866, данные/отчет.csv",
        "windows-1251, данные/отчет.csv",
        "IBM850, données/été.csv",
        "windows-1252, données/größe.csv",
        "windows-1250, dane/źródło.csv"
    })
    void guessesTheCodePageOfNamesWithoutAMark(String charset, String name) throws IOException {
        Path upload = zip().file("main.py", "1")
                .with(packed(name, Charset.forName(charset), "x").host(0).mode(0))
                .in(uploads);
        assertThat(filesOf(upload)).containsOnlyKeys("main.py", name);
        assertThat(findingsOf(upload)).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("names-not-utf-8");
            assertThat(finding.isWarning()).isTrue();
            assertThat(finding.what()).contains(name);
        });
    }

    @Test
    void believesTheSourcesMoreThanAGuess() throws IOException {
        // Two letters that mean something in every code page.
        Path upload = zip().file("main.py", "open('in/Ñé.csv')")
                .with(packed("in/Ñé.csv", Charset.forName("windows-1252"), "x")
                        .mode(0)
                        .host(0))
                .in(uploads);
        assertThat(filesOf(upload)).containsOnlyKeys("main.py", "in/Ñé.csv");
        assertThat(findingsOf(upload))
                .extracting(Finding::code, Finding::isWarning)
                .containsExactly(tuple("names-not-utf-8", false));
    }

    @Test
    void programsFromSystemsWithoutExecuteBitsCanBeStarted() throws IOException {
        Path windows = zip().with(packed("main.py", "import subprocess").host(0).mode(0))
                .with(packed("bin/job.sh", "#!/bin/sh\necho\n").host(0).mode(0))
                .with(packed("bin/tool", "\u007fELF").host(0).mode(0))
                .with(packed("note.sh", "echo\n").host(0).mode(0))
                .in(uploads);
        assertThat(executableOf(windows))
                .containsEntry("bin/job.sh", true)
                .containsEntry("bin/tool", true)
                .containsEntry("note.sh", false)
                .containsEntry("main.py", false);
        // Python's writestr has a mode, which is none; who packs on Unix means what the mode says.
        Path unix = zip().with(packed("a.sh", "#!/bin/sh\n").mode(0600))
                .with(packed("b.sh", "#!/bin/sh\n").mode(0100644))
                .file("main.py", "1")
                .in(uploads);
        assertThat(executableOf(unix)).containsEntry("a.sh", true).containsEntry("b.sh", false);
        Path tar = tar().file("a.sh", "#!/bin/sh\n", 0666)
                .file("b.sh", "#!/bin/sh\n", 0644)
                .file("main.py", "1")
                .in(uploads);
        assertThat(executableOf(tar)).containsEntry("a.sh", true).containsEntry("b.sh", false);
    }

    @Test
    void tellsOfScriptsThatLinuxCannotStart() throws IOException {
        Path upload = zip().file("main.py", "#!/usr/bin/env python\r\n")
                .file("job.sh", "#!/bin/sh\r\necho\r\n")
                .in(uploads);
        assertThat(findingsOf(upload))
                .extracting(Finding::code, Finding::file)
                .containsExactly(tuple("script-of-windows", "job.sh"));
        Path utf16 = zip().file("main.py", "1")
                .with(packed(
                        "late.py".getBytes(StandardCharsets.UTF_8),
                        concatenated(new byte[] {-1, -2}, "x=1".getBytes(StandardCharsets.UTF_16LE))))
                .in(uploads);
        assertThat(findingsOf(utf16)).extracting(Finding::code).containsExactly("source-is-utf-16");
    }

    @Test
    void keepsCompiledModulesWithoutSource() throws IOException {
        for (Path upload : new Path[] {
            zip().file("main.py", "1")
                    .file("lib/only.pyc", "x")
                    .file("lib/both.py", "1")
                    .file("lib/both.pyc", "x")
                    .file("lib/__pycache__/gone.cpython-311.pyc", "x")
                    .in(uploads),
            tar().file("main.py", "1")
                    .file("lib/only.pyc", "x")
                    .file("lib/both.pyc", "x")
                    .file("lib/both.py", "1")
                    .file("lib/__pycache__/gone.cpython-311.pyc", "x")
                    .in(uploads)
        }) {
            assertThat(filesOf(upload)).containsOnlyKeys("main.py", "lib/only.pyc", "lib/both.py");
            assertThat(findingsOf(upload)).extracting(Finding::code).containsExactly("compiled-only");
            assertThat(leftOutOf(upload))
                    .containsExactly(
                            new LeftOut("lib/__pycache__", Reason.CACHE, 1),
                            new LeftOut("lib/both.pyc", Reason.COMPILED, 1));
        }
    }

    @Test
    void knowsEnvironmentsByTheirMarkAndNotByTheirName() throws IOException {
        Path upload = zip().file("w/main.py", "1")
                .file("w/myenv/pyvenv.cfg", "home = /usr/bin")
                .file("w/myenv/lib/python3.11/site-packages/foo.py", "x")
                .with(packed("w/myenv/bin/python", "/usr/bin/python3").mode(LINK))
                .file("w/tools/conda39/conda-meta/history", "x")
                .file("w/tools/conda39/lib/libz.so", "x")
                .file("w/tools/env/settings.py", "kept")
                .in(uploads);
        assertThat(filesOf(upload)).containsOnlyKeys("main.py", "tools/env/settings.py");
        assertThat(leftOutOf(upload))
                .containsExactly(
                        new LeftOut("myenv", Reason.ENVIRONMENT, 3),
                        new LeftOut("tools/conda39", Reason.ENVIRONMENT, 2));
    }

    @Test
    void keepsTheProgramOfAFolderThatIsItsOwnEnvironment() throws IOException {
        Path upload = tar().file("etl/pyvenv.cfg", "home = /usr/bin")
                .file("etl/main.py", "1")
                .file("etl/jobs/daily.py", "1")
                .file("etl/lib/python3.11/site-packages/foo.py", "x")
                .file("etl/lib/own.py", "1")
                .symlink("etl/bin/python", "/usr/bin/python3")
                .in(uploads);
        assertThat(filesOf(upload)).containsOnlyKeys("main.py", "jobs/daily.py", "lib/own.py");
        assertThat(leftOutOf(upload)).extracting(LeftOut::path).containsExactly("bin", "lib/python3.11", "pyvenv.cfg");
    }

    @Test
    void saysThatAnEnvironmentIsNoProject() {
        Path upload =
                tar().file("pyvenv.cfg", "x").file("lib/python3.11/a.py", "x").in(uploads);
        assertThat(refusalOf(upload)).hasMessageContaining("pythonEnvironment");
    }

    @Test
    void leavesOutWhatEditorsAndSystemsLeaveBeside() throws IOException {
        Path upload = tar().file("main.py", "1")
                .symlink(".#main.py", "me@laptop.123:1700000000")
                .file("#main.py#", "x")
                .file("main.py~", "x")
                .file(".main.py.swp", "x")
                .file("~$report.xlsx", "x")
                .file(".~lock.report.ods#", "x")
                .file("data/.nfs00000000a1b2c3d400000001", "x")
                .file("data/Thumbs.DB", "x")
                .file("data/kept~1.csv", "kept")
                .file("data/out/._SUCCESS.crc", "kept: Hadoop's")
                .file(".gitignore", "kept")
                .in(uploads);
        assertThat(filesOf(upload))
                .containsOnlyKeys("main.py", "data/kept~1.csv", "data/out/._SUCCESS.crc", ".gitignore");
        assertThat(leftOutOf(upload)).hasSize(8).extracting(LeftOut::reason).containsOnly(Reason.EDITOR, Reason.SYSTEM);
    }

    @Test
    void leavesOutTheIconOfAFolderOnMacOs() {
        assertThat(filesOf(tar().file("w/main.py", "1").file("w/Icon\r", "").in(uploads)))
                .containsOnlyKeys("main.py");
    }

    @Test
    void leavesOutDanglingLinksAndTellsAllOfThem() throws IOException {
        for (Path upload : new Path[] {
            tar().file("main.py", "1")
                    .symlink("latest", "runs/2024")
                    .symlink("a/b", "missing.py")
                    .in(uploads),
            zip().file("main.py", "1")
                    .with(packed("latest", "runs/2024").mode(LINK))
                    .with(packed("a/b", "missing.py").mode(LINK))
                    .in(uploads)
        }) {
            assertThat(filesOf(upload)).containsOnlyKeys("main.py");
            assertThat(findingsOf(upload))
                    .extracting(Finding::code, Finding::file, Finding::isWarning)
                    .containsExactlyInAnyOrder(
                            tuple("dangling-link", "a/b", true), tuple("dangling-link", "latest", true));
            assertThat(leftOutOf(upload)).extracting(LeftOut::reason).containsOnly(Reason.DANGLING_LINK);
        }
    }

    @Test
    void tellsOfAllLinksOutOfTheArchiveAtOnce() {
        InvalidProject refusal = refusalOf(tar().file("main.py", "1")
                .symlink("a", "/etc/passwd")
                .symlink("b", "../outside")
                .symlink("c", "c")
                .in(uploads));
        assertThat(refusal.problem()).isEqualTo(Problem.UNSAFE_PATH);
        assertThat(refusal.details()).extracting(InvalidProject.Detail::at).containsExactly("a", "b", "c");
    }

    @Test
    void keepsNamesThatDifferInCase() throws IOException {
        Path upload = zip().file("main.py", "1")
                .file("data/Sales.csv", "1")
                .file("data/sales.csv", "2")
                .file("Pkg/a.py", "3")
                .file("pkg/b.py", "4")
                .in(uploads);
        assertThat(filesOf(upload))
                .hasSize(5)
                .containsEntry("data/Sales.csv", "1")
                .containsEntry("data/sales.csv", "2");
        assertThat(findingsOf(upload))
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding.code()).isEqualTo("names-differ-in-case"))
                .noneMatch(Finding::isWarning);
    }

    @Test
    void theLaterOfTwoFilesInATarWins() throws IOException {
        Path upload = tar().file("main.py", "old")
                .hardLink("copy.py", "main.py")
                .file("a.ini", "1")
                .symlink("l", "a.ini")
                .file("main.py", "new")
                .file("l", "a file now")
                .in(uploads);
        assertThat(filesOf(upload))
                .containsEntry("main.py", "new")
                // As tar unpacks it: the name is another file's from then on.
                .containsEntry("copy.py", "old")
                .containsEntry("l", "a file now");
        assertThat(leftOutOf(upload))
                .containsExactly(
                        new LeftOut("l", Reason.EARLIER_VERSION, 1), new LeftOut("main.py", Reason.EARLIER_VERSION, 1));
    }

    @Test
    void saysWhenAnArchiveHoldsAnother() {
        for (String inner : new String[] {"project.zip", "etl-1.0-py3-none-any.whl", "etl.tar.gz"}) {
            InvalidProject refusal = refusalOf(zip().file(inner, "PK").in(uploads));
            assertThat(refusal.problem()).isEqualTo(Problem.NO_ENTRY_POINT);
            assertThat(refusal).hasMessageContaining("another archive").hasMessageContaining(inner);
        }
        byte[] zipped = TarFixture.gzip(zip().file("main.py", "1").bytes());
        assertThat(refusalOf(upload(zipped))).hasMessageContaining("holds a zip");
        assertThat(refusalOf(upload(TarFixture.gzip(project().gzipped())))).hasMessageContaining("holds a gzip file");
    }

    @Test
    void saysThatASourceIsUtf16() {
        for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            InvalidProject refusal = catchThrowableOfType(
                    InvalidProject.class, () -> open(upload("print('ran')\n".getBytes(charset)), "main.py"));
            assertThat(refusal).hasMessageContaining("UTF-16").hasMessageContaining("UTF-8");
        }
    }

    @Test
    void aTableThatRepeatsItselfIsNoBomb() throws IOException {
        byte[] table = "2026-01-01,0.0,0.0,0.0,none\n".repeat(1_200_000).getBytes(StandardCharsets.UTF_8);
        Path upload = zip().file("main.py", "1")
                .with(packed("data/a.csv".getBytes(StandardCharsets.UTF_8), table))
                .in(uploads);
        try (ProjectArchive archive = open(upload, "x.zip", ArchiveLimits.DEFAULTS)) {
            assertThat(archive.files()).hasSize(2);
        }
    }

    @Test
    void listsOnlySoMuchOfWhatIsLeftOut() throws IOException {
        TarFixture tar = tar().file("main.py", "1");
        for (int i = 0; i < 990; i++) {
            tar.file("a" + i + "~", "");
        }
        assertThat(leftOutOf(tar.in(uploads))).hasSize(990);
        LeftOutList list = new LeftOutList();
        for (int i = 0; i < LeftOutList.MOST + 5; i++) {
            list.add("f" + i, Reason.EDITOR, true);
        }
        assertThat(list.sorted("")).hasSize(LeftOutList.MOST + 1).last().isEqualTo(new LeftOut("…", Reason.MORE, 5));
    }
}
