package io.slipway.project.archive;

import static io.slipway.project.archive.TarFixture.tar;
import static io.slipway.project.archive.ZipFixture.packed;
import static io.slipway.project.archive.ZipFixture.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.slipway.project.DiskFull;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileArchiveTest extends ArchiveTesting {

    @ParameterizedTest
    @ValueSource(strings = {"", "just text", "%PDF-1.7", "\0\0\0\0"})
    void refusesWhatIsNoArchive(String content) {
        InvalidProject refusal = refusalOf(bytes(content.getBytes(StandardCharsets.UTF_8)));
        assertThat(refusal.problem()).isEqualTo(Problem.NOT_AN_ARCHIVE);
        assertThat(refusal).hasMessageContaining(".tar.gz");
    }

    @Test
    void refusesAGzipWithoutATar() {
        for (int length : new int[] {1, 511, 512, 5000}) {
            byte[] gzip = TarFixture.gzip("x".repeat(length).getBytes(StandardCharsets.UTF_8));
            assertThat(refusalOf(bytes(gzip)).problem()).isEqualTo(Problem.NOT_AN_ARCHIVE);
        }
    }

    @Test
    void refusesAnEmptyArchive() {
        assertThat(refusalOf(zip().in(uploads)).problem()).isEqualTo(Problem.NO_ENTRY_POINT);
        assertThat(refusalOf(tar().in(uploads)).problem()).isEqualTo(Problem.NO_ENTRY_POINT);
        assertThat(refusalOf(zip().folder("a/").file(".git/HEAD", "x").in(uploads)))
                .hasMessageContaining("holds no files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.py",
                "a/../../evil.py",
                "a/..",
                "/etc/cron.d/evil",
                "//server/share",
                "C:/evil.py",
                "c:evil.py",
                "..\\evil.py",
                "a\\..\\..\\evil.py",
                "\\evil.py",
                "C:\\evil.py",
                ".git/../../evil"
            })
    void refusesNamesThatEscape(String name) {
        assertThat(refusalOf(zip().file("main.py", "1").file(name, "x").in(uploads))
                        .problem())
                .isEqualTo(Problem.UNSAFE_PATH);
        assertThat(refusalOf(tar().file("main.py", "1").file(name, "x").in(uploads))
                        .problem())
                .isEqualTo(Problem.UNSAFE_PATH);
    }

    @Test
    void refusesLongAbsoluteNamesThoughTheLibraryMakesThemRelative() {
        String name = "/" + "a".repeat(150) + ".py";
        assertThat(refusalOf(tar().file(name, "x").in(uploads)).problem()).isEqualTo(Problem.UNSAFE_PATH);
        assertThat(refusalOf(tar().pax().file(name, "x").in(uploads)).problem()).isEqualTo(Problem.UNSAFE_PATH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b.py", "a\nb.py", "a\u001b[31m.py", "a\u2028b.py", "\u0085.py"})
    void refusesNamesWithControlCharacters(String name) {
        assertThat(refusalOf(zip().file(name, "x").in(uploads)).problem()).isEqualTo(Problem.UNREADABLE_NAME);
    }

    @Test
    void refusesNamesThatAreNotWhatTheyClaim() {
        byte[] latin1 = "größe.py".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(refusalOf(zip().with(packed(latin1, new byte[0])).in(uploads))
                        .problem())
                .isEqualTo(Problem.UNREADABLE_NAME);
        byte[] tar = tar().file("grXXe.py", "1").plain();
        tar[2] = (byte) 0xF6;
        tar[3] = (byte) 0xDF;
        fixChecksum(tar);
        assertThat(refusalOf(bytes(TarFixture.gzip(tar))).problem()).isEqualTo(Problem.UNREADABLE_NAME);
    }

    @Test
    void refusesNamesThatNoFileSystemTakes() {
        assertThat(refusalOf(zip().file("ä".repeat(128) + ".py", "x").in(uploads))
                        .problem())
                .isEqualTo(Problem.UNREADABLE_NAME);
        assertThat(refusalOf(zip().file("abcdefgh/".repeat(120) + "a.py", "x").in(uploads)))
                .hasMessageContaining("too long");
    }

    @Test
    void refusesEncryptedEntries() {
        InvalidProject refusal =
                refusalOf(zip().with(packed("main.py", "x").flags(0x801)).in(uploads));
        assertThat(refusal.problem()).isEqualTo(Problem.ENCRYPTED_ARCHIVE);
        assertThat(refusal).hasMessageContaining("without a password");
    }

    @Test
    void refusesAZipThatWasCutOffAnywhere() {
        byte[] whole = zip().file("main.py", "print(1)").file("b.py", "2").bytes();
        for (int length = 4; length < whole.length; length++) {
            assertThat(refusalOf(bytes(Arrays.copyOf(whole, length))).problem())
                    .as("cut off at " + length)
                    .isEqualTo(Problem.DAMAGED_ARCHIVE);
        }
    }

    @Test
    void refusesATarGzThatWasCutOffAnywhere() {
        byte[] whole = tar().file("main.py", "print(1)").gzipped();
        for (int length = 2; length < whole.length; length++) {
            assertThat(refusalOf(bytes(Arrays.copyOf(whole, length))).problem())
                    .as("cut off at " + length)
                    .isEqualTo(Problem.DAMAGED_ARCHIVE);
        }
    }

    @Test
    void refusesATarThatEndsInsideAFile() {
        byte[] plain = tar().file("main.py", "x".repeat(2000)).plain();
        assertThat(refusalOf(bytes(TarFixture.gzip(Arrays.copyOf(plain, 1024)))).problem())
                .isEqualTo(Problem.DAMAGED_ARCHIVE);
    }

    @Test
    void refusesContentThatIsNotWhatItsChecksumSays() {
        assertThat(refusalOf(zip().with(packed("a.py", "abc").crc(1)).in(uploads))
                        .problem())
                .isEqualTo(Problem.DAMAGED_ARCHIVE);
        assertThat(refusalOf(zip().with(packed("a.py", "abc").stored().crc(1)).in(uploads))
                        .problem())
                .isEqualTo(Problem.DAMAGED_ARCHIVE);
        assertThat(refusalOf(zip().with(packed("a.py", "abc").size(2)).in(uploads))
                        .problem())
                .isEqualTo(Problem.DAMAGED_ARCHIVE);
        assertThat(refusalOf(zip().with(packed("a.py", "abc").method(99)).in(uploads))
                        .problem())
                .isEqualTo(Problem.DAMAGED_ARCHIVE);
        byte[] tar = tar().file("main.py", "x").plain();
        tar[0] = 'n';
        tar[513] = 0;
        assertThat(refusalOf(bytes(TarFixture.gzip(tar))).problem()).isEqualTo(Problem.NOT_AN_ARCHIVE);
    }

    @Test
    void survivesAnyDamageWithARefusalOrTheSameFiles() throws IOException {
        byte[] good =
                zip().file("main.py", "print(1)").file("data/a.ini", "[a]").bytes();
        Random random = new Random(42);
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = good.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Path upload = Files.write(uploads.resolve("damaged"), damaged);
            try (ProjectArchive archive = open(upload)) {
                assertThat(archive.files()).isNotEmpty();
            } catch (InvalidProject expected) {
                assertThat(expected.problem()).isNotNull();
            }
        }
    }

    @Test
    void takesTheNameOfTheCentralDirectoryAndWritesWhatItChecked() {
        Path upload = zip().with(packed("main.py", "1").localName("../.py")).in(uploads);
        assertThat(filesOf(upload)).containsOnlyKeys("main.py");
    }

    @Test
    void leavesBehindWhatFollowsTheEndOfADeflatedEntry() throws IOException {
        byte[] deflated = ZipFixture.deflate("abc".getBytes(StandardCharsets.UTF_8), 6);
        byte[] longer = Arrays.copyOf(deflated, deflated.length + 500);
        Path upload = zip().with(packed("main.py", "abc").compressed(longer)).in(uploads);
        Path clean = zip().with(packed("main.py", "abc").compressed(deflated)).in(uploads);
        try (ProjectArchive one = open(upload);
                ProjectArchive other = open(clean)) {
            assertThat(one.bytes().file()).hasSameBinaryContentAs(other.bytes().file());
        }
    }

    @Test
    void refusesPathsThatMeet() {
        assertDuplicate("a.py", "a.py", false);
        assertDuplicate("a.py", "./a.py", false);
        assertDuplicate("pkg", "pkg/b.py", true);
        assertDuplicate("pkg/b.py", "pkg", true);
        assertDuplicate("\u00e9.py", "e\u0301.py", false);
        assertDuplicate("a/b.py", "a\\b.py", false);
    }

    /** @param inTar whether also a tar refuses it, to which files can be appended */
    private void assertDuplicate(String one, String other, boolean inTar) {
        Path zip = zip().file(one, "1").file(other, "2").file("x/y", "").in(uploads);
        assertThat(refusalOf(zip).problem()).as(one + " and " + other).isEqualTo(Problem.DUPLICATE_PATH);
        if (inTar) {
            Path tar = tar().file(one, "1").file(other, "2").file("x/y", "").in(uploads);
            assertThat(refusalOf(tar).problem()).as(one + " and " + other).isEqualTo(Problem.DUPLICATE_PATH);
        }
    }

    @Test
    void refusesDevicesAndPipes() {
        for (byte type : new byte[] {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO}) {
            assertThat(refusalOf(tar().special("dev", type).in(uploads)).problem())
                    .isEqualTo(Problem.UNSAFE_PATH);
        }
        for (int mode : new int[] {0020644, 0060644, 0010644, 0140644}) {
            assertThat(refusalOf(zip().with(packed("dev", "").mode(mode)).in(uploads))
                            .problem())
                    .isEqualTo(Problem.UNSAFE_PATH);
        }
    }

    @Test
    void refusesAZipThatUnpacksToMoreThanTheRatio() {
        InvalidProject refusal =
                refusalOf(zip().with(packed("zeros".getBytes(StandardCharsets.UTF_8), new byte[3 << 20]))
                        .in(uploads));
        assertThat(refusal.problem()).isEqualTo(Problem.ARCHIVE_TOO_LARGE);
        assertThat(refusal).hasMessageContaining("200 times");
    }

    @Test
    void countsWhatItReadsAndNotWhatHeadersSay() {
        byte[] zeros = new byte[3 << 20];
        Path upload = zip().with(
                        packed("zeros".getBytes(StandardCharsets.UTF_8), zeros).size(10))
                .in(uploads);
        assertThat(refusalOf(upload).problem()).isEqualTo(Problem.ARCHIVE_TOO_LARGE);
    }

    @Test
    void refusesATarThatUnpacksToMoreThanTheRatioOrTheTotal() {
        assertThat(refusalOf(tar().file("zeros", "0".repeat(4 << 20)).in(uploads))
                        .problem())
                .isEqualTo(Problem.ARCHIVE_TOO_LARGE);
        byte[] noise = new byte[2 << 20];
        new Random(1).nextBytes(noise);
        String text = new String(noise, StandardCharsets.ISO_8859_1);
        Path upload = tar().file("noise", text).in(uploads);
        InvalidProject refusal = catchThrowableOfType(
                InvalidProject.class, () -> open(upload, "x", new ArchiveLimits(1 << 20, 100, 200, 1 << 20)));
        assertThat(refusal.problem()).isEqualTo(Problem.ARCHIVE_TOO_LARGE);
        assertThat(refusal).hasMessageContaining("1,048,576 bytes");
    }

    @Test
    void refusesEntriesThatShareTheirBytes() {
        byte[] whole = zip().file("a.py", "x".repeat(5000)).file("b.py", "y").bytes();
        // b's entry in the central directory claims more bytes than there are.
        int at = lastIndexOf(whole, "b.py") - 46;
        whole[at + 20] = (byte) 0xFF;
        whole[at + 21] = (byte) 0xFF;
        assertThat(refusalOf(bytes(whole)).problem()).isEqualTo(Problem.DAMAGED_ARCHIVE);
    }

    /** An upload is short, what it unpacks to is not; links and manifests make more of it. */
    @Test
    void endsBeforeTheDiskIsFull() {
        byte[] noise = new byte[20 << 20];
        new Random(1).nextBytes(noise);
        ArchiveLimits limits = new ArchiveLimits(1 << 30, 100, 200, 1 << 30, Long.MAX_VALUE);
        String text = new String(noise, StandardCharsets.ISO_8859_1);
        for (Path upload : List.of(
                tar().file("noise", text).in(uploads), zip().file("noise", text).in(uploads))) {
            assertThatThrownBy(() -> open(upload, "x", limits)).hasCauseInstanceOf(DiskFull.class);
        }
    }

    @Test
    void refusesTooManyEntries() {
        ZipFixture zip = zip();
        TarFixture tar = tar();
        for (int i = 0; i <= SMALL.maxEntries(); i++) {
            zip.file("f" + i, "");
            tar.file("f" + i, "");
        }
        assertThat(refusalOf(zip.in(uploads))).hasMessageContaining("1,000 entries");
        assertThat(refusalOf(tar.in(uploads))).hasMessageContaining("1,000 entries");
    }

    @Test
    void stopsReadingATableOfContentsThatIsTooLong() {
        ZipFixture zip = zip();
        for (int i = 0; i < 60_000; i++) {
            zip.with(packed(new byte[] {'a'}, new byte[0]));
        }
        InvalidProject refusal = catchThrowableOfType(
                InvalidProject.class, () -> open(zip.in(uploads), "x", new ArchiveLimits(1 << 20, 10, 200, 1 << 20)));
        assertThat(refusal.problem()).isEqualTo(Problem.ARCHIVE_TOO_LARGE);
    }

    @Test
    void refusesATarHeaderWithoutEnd() throws IOException {
        // A GNU long name of 4 MiB that a reader would have to keep in memory.
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        byte[] header = Arrays.copyOf(tar().special("././@LongLink", (byte) 'L').plain(), 512);
        System.arraycopy("00020000000\0".getBytes(StandardCharsets.US_ASCII), 0, header, 124, 12);
        fixChecksum(header);
        byte[] name = new byte[4 << 20];
        new Random(3).nextBytes(name);
        tar.write(Arrays.copyOf(tar().file("a.py", "").plain(), 512));
        tar.write(header);
        tar.write(name);
        tar.write(tar().file("main.py", "1").plain());
        assertThat(refusalOf(bytes(TarFixture.gzip(tar.toByteArray()))).problem())
                .isEqualTo(Problem.DAMAGED_ARCHIVE);
    }

    @Test
    void countsFoldersThatAreOnlyImplied() {
        String deep = "/d".repeat(200);
        TarFixture tar = tar();
        ZipFixture zip = zip();
        for (int i = 0; i < 10; i++) {
            tar.file("f" + i + deep, "");
            zip.file("f" + i + deep, "");
        }
        for (Path upload : new Path[] {tar.in(uploads), zip.in(uploads)}) {
            assertThat(refusalOf(upload))
                    .hasMessageContaining("1,000 entries, folders included")
                    .extracting(InvalidProject::problem)
                    .isEqualTo(Problem.ARCHIVE_TOO_LARGE);
        }
    }

    @Test
    void takesAnArchiveAtTheLimitWithTheFoldersOfItsFiles() throws IOException {
        ZipFixture zip = zip();
        for (int i = 0; i < SMALL.maxEntries(); i++) {
            zip.file("data/part-" + i / 20 + "/" + i, "");
        }
        try (ProjectArchive once = open(zip.in(uploads));
                ProjectArchive again = open(once.bytes().file())) {
            assertThat(once.files()).hasSize(SMALL.maxEntries());
            assertThat(again.id()).isEqualTo(once.id());
        }
    }

    @Test
    void refusesAFewKilobytesOfFoldersWithoutEnd() throws IOException {
        Path upload = uploads.resolve("folders.tar.gz");
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(upload), 1 << 16))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            for (int i = 0; i < 200; i++) {
                tar.putArchiveEntry(new TarArchiveEntry(i + "/a".repeat(500)));
                tar.closeArchiveEntry();
            }
        }
        InvalidProject refusal =
                catchThrowableOfType(InvalidProject.class, () -> open(upload, "x", ArchiveLimits.DEFAULTS));
        assertThat(refusal.problem()).isEqualTo(Problem.ARCHIVE_TOO_LARGE);
    }

    @Test
    void refusesNamesThatAreTooLongTogether() {
        ZipFixture zip = zip();
        byte[] none = {};
        for (int i = 0; i < 8_000; i++) {
            String name = ("%05d".formatted(i) + "x".repeat(240) + "/").repeat(4) + "y";
            zip.with(packed(name.getBytes(StandardCharsets.US_ASCII), none));
        }
        InvalidProject refusal =
                catchThrowableOfType(InvalidProject.class, () -> open(zip.in(uploads), "x", ArchiveLimits.DEFAULTS));
        assertThat(refusal).hasMessageContaining("16,777,216 bytes");
        assertThat(refusal.problem()).isEqualTo(Problem.ARCHIVE_TOO_LARGE);
    }

    @Test
    void refusesATarWithoutAnEnd() {
        byte[] plain = tar().file("main.py", "1").file("other.py", "2").plain();
        // A header and a block for each file, then zeros.
        assertThat(refusalOf(bytes(TarFixture.gzip(Arrays.copyOf(plain, 2 * 1024))))
                        .problem())
                .isEqualTo(Problem.DAMAGED_ARCHIVE);
        assertThat(refusalOf(bytes(TarFixture.gzip(Arrays.copyOf(plain, 1024)))).problem())
                .isEqualTo(Problem.DAMAGED_ARCHIVE);
        assertThat(filesOf(bytes(TarFixture.gzip(Arrays.copyOf(plain, 2 * 1024 + 512)))))
                .containsOnlyKeys("main.py", "other.py");
    }

    @Test
    void refusesAGzipHeaderWithoutEndInLittleMemory() throws IOException {
        Path upload = uploads.resolve("endless.gz");
        try (OutputStream out = Files.newOutputStream(upload)) {
            // The flag says that a name follows, which ends with a zero that never comes.
            out.write(new byte[] {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 3});
            byte[] name = new byte[1 << 20];
            Arrays.fill(name, (byte) 'a');
            for (int i = 0; i < 40; i++) {
                out.write(name);
            }
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(refusalOf(upload).problem()).isEqualTo(Problem.DAMAGED_ARCHIVE);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10 << 20);
    }

    @Test
    void refusesLinksThatLeadThroughFoldersWithoutEnd() {
        TarFixture tar = tar().file("main.py", "1").file("d".repeat(200) + "/x", "2");
        // Each goes in and out of the same folder, by way of the one before.
        String around = ("/" + "d".repeat(200) + "/..").repeat(18).substring(1);
        tar.symlink("l0", around + "/main.py");
        for (int i = 1; i < 400; i++) {
            tar.symlink("l" + i, around + "/l" + (i % 30 == 0 ? 0 : i - 1));
        }
        InvalidProject refusal =
                catchThrowableOfType(InvalidProject.class, () -> open(tar.in(uploads), "x", ArchiveLimits.DEFAULTS));
        assertThat(refusal)
                .hasMessageContaining("links lead through too many folders")
                .extracting(InvalidProject::problem)
                .isEqualTo(Problem.ARCHIVE_TOO_LARGE);
    }

    @Test
    void refusesALinkWithAnEndlessTarget() {
        assertThat(refusalOf(tar().file("main.py", "1")
                                .symlink("l", "a/".repeat(2_500) + "main.py")
                                .in(uploads))
                        .problem())
                .isEqualTo(Problem.DAMAGED_ARCHIVE);
    }

    private Path bytes(byte[] content) {
        return TarFixture.write(uploads, content);
    }

    private static int lastIndexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(text);
    }

    private static void fixChecksum(byte[] tar) {
        Arrays.fill(tar, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[i] & 0xFF;
        }
        System.arraycopy("%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII), 0, tar, 148, 8);
    }
}
