package io.slipway.project.requirements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.archive.ZipFixture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RequirementFilesTest {

    private static final String HASH = "a".repeat(64);

    @TempDir
    Path folder;

    @Test
    void linesIncludesConstraintsMarkersAndCommentsBecomeOneSpelling() throws IOException {
        Requirements read = read(
                "requirements.txt",
                "requirements.txt",
                """
                # what we need
                -r base/all.txt
                -c limits.txt
                NumPy >= 1.26 , <3   # arrays
                Some_Package[B,a]==1.0 ; python_version<"3.12" and sys_platform == 'linux'
                hashed==2 \\
                    --hash=sha256:%s \\
                    --hash=sha512:%s
                --require-hashes
                """.formatted(HASH, HASH + HASH),
                "base/all.txt",
                "-r ../more.txt\npandas\n",
                "more.txt",
                "six\r\nsix\r\n",
                "limits.txt",
                "urllib3<2\n");
        assertThat(read.lines())
                .containsExactly(
                        "hashed==2 --hash=sha256:" + HASH + " --hash=sha512:" + HASH + HASH,
                        "numpy<3,>=1.26",
                        "pandas",
                        "six",
                        "some-package[a,b]==1.0 ; python_version<\"3.12\" and sys_platform == 'linux'");
        assertThat(read.constraints()).containsExactly("urllib3<2");
        assertThat(read.isHashed()).isFalse();
        assertThat(read.locked()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-i https://x/simple|index-url",
                "-ihttps://x/simple|index-url",
                "--index-url=https://x|index-url",
                "--extra-index-url https://x|index-url",
                "--find-links ./x|index-url",
                "-f x|index-url",
                "--trusted-host x|index-url",
                "-e .|pythonPath",
                "--no-binary :all:|only wheels",
                "--global-option x|not taken",
                "x @ file:///etc/passwd|project",
                "file:///etc/passwd.whl|project",
                "x @ https://u:p@h/x.whl|user name",
                "x @ git+https://h/x|version control",
                "x @ https://h/x-1-py3-none-any.whl|allow-urls",
                "https://h/x-1-py3-none-any.whl|allow-urls",
                "./folder|pythonPath",
                "x-1.0.tar.gz|wheel",
                "../x-1-py3-none-any.whl|not in the project",
                "x==1 --config-settings=a=b|only --hash",
                "x==${VERSION}|variable",
                "-r ../../etc/passwd|not a file of the project",
                "-r /etc/passwd|not a file of the project",
                "-r https://h/x.txt|network",
                "-r missing.txt|not in the project",
                "-r requirements.txt|again",
                "-c c.txt|again",
                "x ==|version",
                "x;$(rm)|marker",
                "<html>|no requirement"
            })
    void whatCannotBeInstalledIsToldAtItsLineWithTheWayOut(String line, String wayOut) {
        Detail refused = refused("requirements.txt", "ok\n" + line + "\n", "c.txt", "-c requirements.txt\n")
                .details()
                .get(0);
        assertThat(refused.at()).matches("(requirements|c)\\.txt:[12]");
        assertThat(refused.message()).contains(wayOut);
    }

    @Test
    void aCircleOfIncludesAndAHundredThousandLinesAreRefusedSoon() {
        assertThat(refused("requirements.txt", "-r a.txt\n", "a.txt", "-r b.txt\n", "b.txt", "x\n-r a.txt\n")
                        .details())
                .extracting(Detail::at)
                .containsExactly("b.txt:2");
        assertThatThrownBy(() -> read("requirements.txt", "requirements.txt", "x\n".repeat(100_000)))
                .isInstanceOf(InvalidProject.class)
                .hasMessageContaining("10,000 lines");
    }

    @Test
    void aHostileLineTakesNoLongerThanItIsLong() {
        for (String line : List.of(
                "a" + ".-_".repeat(30_000),
                "x[" + "a,".repeat(30_000),
                "x ; " + "(".repeat(90_000),
                "x" + " ".repeat(90_000) + "!")) {
            long begun = System.nanoTime();
            assertThatThrownBy(() -> read("requirements.txt", "requirements.txt", line))
                    .isInstanceOf(InvalidProject.class);
            assertThat(System.nanoTime() - begun).isLessThan(3_000_000_000L);
        }
    }

    @Test
    void aWheelOfTheProjectIsNamedByItsContent() throws IOException {
        Requirements read = read(
                "deploy/requirements.txt",
                "deploy/requirements.txt",
                "../libs/tool-1.0-py3-none-any.whl ; python_version > '3'\n",
                "libs/tool-1.0-py3-none-any.whl",
                "not really a wheel");
        String sha256 = read.wheels().get("libs/tool-1.0-py3-none-any.whl");
        assertThat(sha256).hasSize(64);
        assertThat(read.lines())
                .containsExactly("./wheels/" + sha256 + "/tool-1.0-py3-none-any.whl ; python_version > '3'");
        assertThat(read.isHashed()).isTrue();
    }

    @Test
    void anAddressIsTakenFromWhereTheOperatorAllowsItAndWithAHash() throws IOException {
        RequirementRules rules = new RequirementRules(false, List.of("https://wheels.example/"));
        String url = "https://wheels.example/x-1-py3-none-any.whl";
        try (ProjectArchive project = project("requirements.txt", "x @ " + url + " --hash=sha256:" + HASH + "\n")) {
            assertThat(RequirementFiles.read(project, "requirements.txt", rules).lines())
                    .containsExactly("x @ " + url + " --hash=sha256:" + HASH);
        }
        try (ProjectArchive project = project("requirements.txt", "x @ " + url + "\n")) {
            assertThatThrownBy(() -> RequirementFiles.read(project, "requirements.txt", rules))
                    .hasMessageContaining("without a hash");
        }
    }

    @Test
    void aCondaEnvironmentIsRefusedWithTheWayOut() {
        assertThatThrownBy(() -> read("environment.yml", "environment.yml", "dependencies: [numpy]\n"))
                .isInstanceOf(InvalidProject.class)
                .hasMessageContaining("conda-pack");
        assertThatThrownBy(() -> read("pyproject.toml", "pyproject.toml", "[project]\n"))
                .hasMessageContaining("uv export");
    }

    @Test
    void pylockBecomesHashedLines() throws IOException {
        Requirements read = read("pylock.toml", "pylock.toml", """
            lock-version = "1.0"
            requires-python = ">=3.9"
            [[packages]]
            name = "NumPy"
            version = "2.0.1"
            marker = 'python_version >= "3.9"'
            [[packages.wheels]]
            name = "numpy-2.0.1-cp311-manylinux.whl"
            url = "https://files.example/numpy.whl"
            hashes = { sha256 = "%1$s" }
            [[packages]]
            name = "six"
            version = "1.16"
            wheels = [
              { url = "https://files.example/six.whl", hashes = {sha256 = "%1$s"} }, # comment
            ]
            """.formatted(HASH));
        assertThat(read.lines())
                .containsExactly(
                        "numpy==2.0.1 ; python_version >= \"3.9\" --hash=sha256:" + HASH,
                        "six==1.16 --hash=sha256:" + HASH);
        assertThat(read.locked()).isTrue();
        assertThat(read.isHashed()).isTrue();
    }

    @Test
    void uvLockIsFollowedFromItsProjectAndItsMarkersComeAlong() throws IOException {
        Requirements read = read("uv.lock", "uv.lock", """
            version = 1
            [[package]]
            name = "app"
            version = "0.1"
            source = { virtual = "." }
            dependencies = [
                { name = "pandas" },
                { name = "pywin32", marker = "sys_platform == 'win32'" },
                { name = "httpx", extra = ["http2"] },
            ]
            [package.dev-dependencies]
            dev = [{ name = "pytest" }]
            [[package]]
            name = "pandas"
            version = "2.2"
            source = { registry = "https://pypi.org/simple" }
            dependencies = [
                { name = "numpy", version = "1.26", source = { registry = "https://pypi.org/simple" }, marker = "python_version < '3.12'" },
                { name = "numpy", version = "2.0", source = { registry = "https://pypi.org/simple" }, marker = "python_version >= '3.12'" },
            ]
            wheels = [{ url = "https://x/pandas.whl", hash = "sha256:%1$s", size = 12 }]
            %2$s
            """.formatted(
                HASH, entries("numpy 1.26", "numpy 2.0", "pywin32 306", "pytest 8", "h2 4") + """
                    [[package]]
                    name = "httpx"
                    version = "0.27"
                    source = { registry = "https://pypi.org/simple" }
                    wheels = [{ url = "https://x/httpx.whl", hash = "sha256:%1$s" }]
                    [package.optional-dependencies]
                    http2 = [{ name = "h2" }]
                    """.formatted(HASH)));
        assertThat(read.lines())
                .containsExactly(
                        "h2==4 --hash=sha256:" + HASH,
                        "httpx==0.27 --hash=sha256:" + HASH,
                        "numpy==1.26 ; (python_version < '3.12') --hash=sha256:" + HASH,
                        "numpy==2.0 ; (python_version >= '3.12') --hash=sha256:" + HASH,
                        "pandas==2.2 --hash=sha256:" + HASH,
                        "pywin32==306 ; (sys_platform == 'win32') --hash=sha256:" + HASH);
    }

    /** Each is below the limit of a file's size, and made to cost more than it is long. */
    private enum CraftedLock {
        EVERY_PACKAGE_OF_ONE_NAME {
            @Override
            String text() {
                return project("{ name = \"x\" },".repeat(20_000)) + pack("x", i -> "1." + i, i -> "", 20_000);
            }
        },
        EACH_NEEDS_ALL {
            @Override
            String text() {
                String all = IntStream.range(0, 600)
                        .mapToObj(i -> "{ name = \"p" + i + "\" },")
                        .collect(Collectors.joining());
                return project("{ name = \"p0\" }")
                        + IntStream.range(0, 600)
                                .mapToObj(i -> pack("p" + i, v -> "1", v -> all, 1))
                                .limit(250)
                                .collect(Collectors.joining());
            }
        },
        A_CHAIN_OF_MARKERS {
            @Override
            String text() {
                String ways = IntStream.range(0, 150)
                        .mapToObj(i -> "{ name = \"p0\", marker = \"m == '" + i + "'\" },")
                        .collect(Collectors.joining());
                return project(ways)
                        + IntStream.range(0, 20_000)
                                .mapToObj(i -> pack(
                                        "p" + i,
                                        v -> "1",
                                        v -> "{ name = \"p" + (i + 1) + "\", marker = \"n == '" + i + "'\" }",
                                        1))
                                .collect(Collectors.joining());
            }
        };

        abstract String text();

        private static String project(String needs) {
            return "[[package]]\nname = \"app\"\nversion = \"1\"\nsource = { virtual = \".\" }\ndependencies = ["
                    + needs + "]\n";
        }

        private static String pack(String name, IntFunction<String> version, IntFunction<String> needs, int count) {
            return IntStream.range(0, count)
                    .mapToObj(i -> "[[package]]\nname = \"" + name + "\"\nversion = \"" + version.apply(i)
                            + "\"\ndependencies = [" + needs.apply(i) + "]\n")
                    .collect(Collectors.joining());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCraftedLockCostsNoMoreThanALongOne(CraftedLock lock) {
        String text = lock.text();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begun = threads.getCurrentThreadCpuTime();
        assertThatThrownBy(() -> read("uv.lock", "uv.lock", text)).isInstanceOf(InvalidProject.class);
        assertThat(threads.getCurrentThreadCpuTime() - begun).isLessThan(10_000_000_000L);
    }

    private static String entries(String... packages) {
        StringBuilder entries = new StringBuilder();
        for (String each : packages) {
            String[] parts = each.split(" ");
            entries.append(
                    "[[package]]\nname = \"%s\"\nversion = \"%s\"\nsource = { registry = \"https://pypi.org/simple\" }\nwheels = [{ url = \"https://x\", hash = \"sha256:%s\" }]\n"
                            .formatted(parts[0], parts[1], HASH));
        }
        return entries.toString();
    }

    @Test
    void poetryLocksOfBothKindsKeepTheMainGroup() throws IOException {
        String files = "files = [{file = \"x.whl\", hash = \"sha256:" + HASH + "\"}]\n";
        assertThat(read("poetry.lock", "poetry.lock", """
            [[package]]
            name = "rich"
            version = "13"
            optional = false
            groups = ["main", "dev"]
            markers = "python_version > \\"3.8\\""
            %1$s
            [[package]]
            name = "pytest"
            version = "8"
            optional = false
            groups = ["dev"]
            %1$s
            """.formatted(files)).lines())
                .containsExactly("rich==13 ; python_version > \"3.8\" --hash=sha256:" + HASH);

        assertThat(read(
                                "poetry.lock",
                                "poetry.lock",
                                """
                                [[package]]
                                name = "Requests"
                                version = "2"
                                optional = false
                                %1$s
                                [package.dependencies]
                                colorama = {version = "*", markers = "sys_platform == \\"win32\\""}
                                urllib3 = ">=1"
                                [[package]]
                                name = "colorama"
                                version = "1"
                                optional = false
                                %1$s
                                [[package]]
                                name = "urllib3"
                                version = "2"
                                optional = false
                                %1$s
                                [[package]]
                                name = "pytest"
                                version = "8"
                                optional = false
                                %1$s
                                """.formatted(files),
                                "pyproject.toml",
                                "[tool.poetry.dependencies]\npython = \"^3.9\"\nrequests = \"*\"\n")
                        .lines())
                .containsExactly(
                        "colorama==1 ; (sys_platform == \"win32\") --hash=sha256:" + HASH,
                        "requests==2 --hash=sha256:" + HASH,
                        "urllib3==2 --hash=sha256:" + HASH);
    }

    @Test
    void pipfileLockKeepsItsDefaultPackages() throws IOException {
        assertThat(read("Pipfile.lock", "Pipfile.lock", """
            {"default": {"idna": {"hashes": ["sha256:%1$s"], "markers": "python_version >= '3.5'", "version": "==3.7"}},
             "develop": {"pytest": {"hashes": ["sha256:%1$s"], "version": "==8"}}}
            """.formatted(HASH)).lines())
                .containsExactly("idna==3.7 ; python_version >= '3.5' --hash=sha256:" + HASH);
    }

    /** Nothing would be installed, and nobody would be told. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Pipfile.lock|null",
                "Pipfile.lock|[]",
                "Pipfile.lock|3",
                "Pipfile.lock|{}",
                "Pipfile.lock|{\"default\": null}",
                "Pipfile.lock|{\"default\": [\"requests\"]}",
                "poetry.lock|# nothing",
                "poetry.lock|package = 3",
                "uv.lock|package = 'requests'",
                "pylock.toml|lock-version = '1.0'",
                "pylock.toml|lock-version = '1.0'\\npackages = 'requests'",
            })
    void aLockThatNoToolHasWrittenIsNotTakenForAnEmptyOne(String file, String text) {
        assertThat(refusedFile(file, text.replace("\\n", "\n")).getMessage())
                .startsWith("'" + file + "' has no ")
                .contains("write it with ");
    }

    @Test
    void aLockMayListNothing() throws IOException {
        assertThat(read("Pipfile.lock", "Pipfile.lock", "{\"default\": {}}").lines())
                .isEmpty();
        assertThat(read("poetry.lock", "poetry.lock", "package = []\n").lines()).isEmpty();
        assertThat(read("pylock.toml", "pylock.toml", "lock-version = '1.0'\npackages = []\n")
                        .lines())
                .isEmpty();
    }

    @Test
    void aLockedPackageWithoutAHashIsRefused() {
        assertThat(refusedFile("Pipfile.lock", "{\"default\": {\"own\": {\"path\": \".\"}}}")
                        .getMessage())
                .contains("Pipfile.lock");
        assertThat(refusedFile(
                                "pylock.toml",
                                "lock-version = '1.0'\n[[packages]]\nname = 'own'\ndirectory = {path = '.'}\n")
                        .getMessage())
                .contains("version");
        assertThat(refusedFile("uv.lock", "[[package]\nname=").getMessage()).contains("line 1");
    }

    @Test
    void aLockGoesBeforeTheFileThatItWasMadeFrom() throws IOException {
        try (ProjectArchive project = project("requirements.txt", "x\n", "uv.lock", "")) {
            assertThat(RequirementFiles.usual(project)).contains("uv.lock");
        }
    }

    private InvalidProject refused(String... filesAndTexts) {
        return catchThrowableOfType(InvalidProject.class, () -> read(filesAndTexts[0], filesAndTexts));
    }

    private InvalidProject refusedFile(String name, String text) {
        return catchThrowableOfType(InvalidProject.class, () -> read(name, name, text));
    }

    private Requirements read(String path, String... filesAndTexts) throws IOException {
        try (ProjectArchive project = project(filesAndTexts)) {
            return RequirementFiles.read(project, path, RequirementRules.STRICT);
        }
    }

    private ProjectArchive project(String... filesAndTexts) throws IOException {
        ZipFixture zip = ZipFixture.zip().file("main.py", "print(1)\n");
        for (int i = 0; i < filesAndTexts.length; i += 2) {
            zip.file(filesAndTexts[i], filesAndTexts[i + 1]);
        }
        Path upload = Files.write(Files.createTempFile(folder, "upload", ".zip"), zip.bytes());
        return ProjectArchive.read(
                upload, "p.zip", List.of(), ArchiveLimits.DEFAULTS, Files.createTempDirectory(folder, "work"));
    }
}
