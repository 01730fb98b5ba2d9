package io.slipway.project.archive;

import static io.slipway.project.archive.TarFixture.tar;
import static io.slipway.project.archive.ZipFixture.packed;
import static io.slipway.project.archive.ZipFixture.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.slipway.project.InvalidProject.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymlinkResolverTest extends ArchiveTesting {

    private static final int LINK = 0120777;

    @Test
    void becomeCopiesOfWhatTheyPointTo() {
        assertThat(filesOf(tar().file("main.py", "1")
                        .file("conf/prod.ini", "prod")
                        .symlink("conf/current.ini", "prod.ini")
                        .symlink("top.ini", "conf/../conf/current.ini")
                        .hardLink("hard.py", "main.py")
                        .in(uploads)))
                .containsExactly(
                        entry("conf/current.ini", "prod"),
                        entry("conf/prod.ini", "prod"),
                        entry("hard.py", "1"),
                        entry("main.py", "1"),
                        entry("top.ini", "prod"));
    }

    @Test
    void workInZipsToo() {
        assertThat(filesOf(zip().file("w/main.py", "1")
                        .file("w/conf/prod.ini", "prod")
                        .with(packed("w/current.ini", "conf\\prod.ini").mode(LINK))
                        .with(packed("w/config", "conf").stored().mode(LINK))
                        .in(uploads)))
                .containsOnly(
                        entry("main.py", "1"),
                        entry("conf/prod.ini", "prod"),
                        entry("current.ini", "prod"),
                        entry("config/prod.ini", "prod"));
    }

    @Test
    void toFoldersCopyAllThatIsInside() {
        assertThat(filesOf(tar().file("main.py", "1")
                        .file("lib/v2/a.py", "a")
                        .symlink("lib/latest", "v2")
                        .symlink("vendored", "lib")
                        .in(uploads)))
                .containsOnlyKeys(
                        "main.py", "lib/v2/a.py", "lib/latest/a.py", "vendored/v2/a.py", "vendored/latest/a.py");
    }

    @Test
    void leadThroughOtherLinks() {
        assertThat(filesOf(tar().file("data/v1/x.ini", "x")
                        .file("main.py", "1")
                        .symlink("current", "data/v1")
                        .symlink("x.ini", "current/../v1/x.ini")
                        .in(uploads)))
                .containsEntry("x.ini", "x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../outside",
                "a/../../outside",
                "..\\..\\outside",
                "C:\\windows",
                "missing.py",
                ".",
                "sub/..",
                "self"
            })
    void outOfTheArchiveAreRefused(String target) {
        assertThat(refusalOf(tar().file("main.py", "1")
                                .file("sub/b.py", "2")
                                .symlink("self", target)
                                .in(uploads))
                        .problem())
                .isEqualTo(Problem.UNSAFE_PATH);
        assertThat(refusalOf(zip().file("main.py", "1")
                                .file("sub/b.py", "2")
                                .with(packed("self", target).mode(LINK))
                                .in(uploads))
                        .problem())
                .isEqualTo(Problem.UNSAFE_PATH);
    }

    @Test
    void hardLinksOutOfTheArchiveAreRefused() {
        for (String target : new String[] {"/etc/passwd", "../x", "missing"}) {
            assertThat(refusalOf(tar().file("main.py", "1")
                                    .hardLink("sub/x", target)
                                    .in(uploads))
                            .problem())
                    .isEqualTo(Problem.UNSAFE_PATH);
        }
    }

    @Test
    void inACircleAreRefused() {
        assertThat(refusalOf(tar().file("main.py", "1")
                        .symlink("a", "b")
                        .symlink("b", "a")
                        .in(uploads)))
                .hasMessageContaining("circle");
        assertThat(refusalOf(tar().file("main.py", "1")
                        .file("a/x", "")
                        .symlink("a/up", "../a")
                        .in(uploads)))
                .hasMessageContaining("holds the link itself");
        assertThat(refusalOf(tar().file("a/x", "1")
                        .file("b/y", "2")
                        .symlink("a/b", "../b")
                        .symlink("b/a", "../a")
                        .in(uploads)))
                .hasMessageContaining("holds the link itself");
    }

    @Test
    void thatMultiplyAreStoppedByTheLimits() {
        TarFixture tar = tar().file("f0/x", "1");
        for (int i = 1; i <= 30; i++) {
            tar.symlink("f" + i + "/a", "../f" + (i - 1)).symlink("f" + i + "/b", "../f" + (i - 1));
        }
        assertThat(refusalOf(tar.in(uploads)).problem()).isEqualTo(Problem.ARCHIVE_TOO_LARGE);
    }

    @Test
    void cannotBeWrittenThrough() {
        assertThat(refusalOf(tar().file("main.py", "1")
                                .symlink("out", "/tmp")
                                .file("out/evil", "x")
                                .in(uploads))
                        .problem())
                .isEqualTo(Problem.DUPLICATE_PATH);
    }
}
