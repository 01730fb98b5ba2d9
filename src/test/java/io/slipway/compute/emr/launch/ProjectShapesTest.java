package io.slipway.compute.emr.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.TestMachine;
import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.compute.emr.launch.Scripts.Ended;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.Launch;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Projects as people really have them, from the upload to a driver and two executors in folders as YARN arranges them: each prints what it
 * prints on a laptop, and its functions work in workers that unpickle by reference, as PySpark's do, and read files by relative paths.
 */
@Tag("full")
class ProjectShapesTest {

    /** Says what the functions return here, and sends them to workers as PySpark does: by reference, or by value those of the entry. */
    private static final String TO_WORKERS = """

            def to_workers(*functions):
                import base64, cloudpickle
                print('WORK ' + base64.b64encode(cloudpickle.dumps(functions)).decode())
                print('RESULTS', [function() for function in functions])

            """;

    private static final Map<String, String> ENVIRONMENT = Map.of("STAGE", "te'st", "TZ", "JST-9");

    @TempDir
    private Path root;

    private Path project;
    private Scripts scripts;

    /**
     * @param packed by whom: plainly, as a GitHub download with its wrapping folder, or by Windows with backslashes and cp437
     */
    record Shape(String name, String entryPoint, List<String> pythonPath, Map<String, String> files, Packing packed) {
        @Override
        public String toString() {
            return name;
        }
    }

    enum Packing {
        PLAIN,
        GITHUB,
        WINDOWS
    }

    static List<Shape> shapes() {
        Map<String, String> flat = Map.of(
                "main.py", "from helper import rows\nprint(len(rows()))\nto_workers(rows)\n",
                "helper.py", "def rows():\n    return open('rows.txt').read().split()\n",
                "rows.txt", "a b c");
        Map<String, String> src = Map.of(
                "src/pricing/__init__.py", "",
                "src/pricing/model.py", "def price():\n    return 42\n",
                "jobs/run.py", "from pricing.model import price\nprint(price())\nto_workers(price)\n");
        Map<String, String> namespace = Map.of(
                "main.py", "from company.tools.text import shout\nprint(shout())\nto_workers(shout)\n",
                "company/tools/text.py", "def shout():\n    return 'HELLO'\n");
        Map<String, String> data = Map.of(
                "main.py",
                        "from package.lookup import by_resource, by_path, by_file\n"
                                + "print(by_resource(), by_path(), by_file())\nto_workers(by_resource, by_path, by_file)\n",
                "package/__init__.py", "",
                "package/lookup.py", """
                import os, pkgutil
                def by_resource():
                    try:
                        from importlib.resources import files
                    except ImportError:
                        return pkgutil.get_data('package', 'table.txt').decode()
                    return files('package').joinpath('table.txt').read_text()
                def by_path():
                    return open('package/table.txt').read()
                def by_file():
                    return open(os.path.join(os.path.dirname(__file__), 'table.txt')).read()
                """,
                "package/table.txt", "one");
        Map<String, String> folder = Map.of(
                "jobs/daily/main.py",
                        "import sibling\nfrom common.base import name\n"
                                + "print(sibling.twice(), name())\nto_workers(sibling.twice, name)\n",
                "jobs/daily/sibling.py", "def twice():\n    return 2\n",
                "common/base.py", "def name():\n    return open('common/name.txt').read()\n",
                "common/name.txt", "base");
        Map<String, String> names = Map.of(
                "mes données/été main.py", "from größe import wert\nprint(wert())\nto_workers(wert)\n",
                "mes données/größe.py", "def wert():\n    return open('mes données/naïve file.txt').read()\n",
                "mes données/naïve file.txt", "ça va",
                "README.md", "");
        Map<String, String> writes = Map.of(
                "main.py", """
                import os
                from log import note
                note('first'); note('second')
                os.makedirs('out/deep')
                open('out/deep/x.txt', 'w').write('x')
                print(open('log.txt').read().split(), os.listdir('out/deep'))
                """,
                "log.py", "def note(text):\n    open('log.txt', 'a').write(text + '\\n')\n",
                "log.txt", "zero\n");
        Map<String, String> twins = Map.of(
                "jobs/main.py", "from utils import name\nfrom common import other\nto_workers(name, other)\n",
                "jobs/utils.py", "def name():\n    import both\n    return both.NAME\n",
                "utils.py", "def name():\n    return 'the wrong one'\n",
                "jobs/both.py", "NAME = 'of jobs'\n",
                "both.py", "NAME = 'of the root'\n",
                "common.py", "def other():\n    import both\n    return both.NAME\n");
        Map<String, String> own = Map.of(
                "main.py", """
                class Row:
                    def __init__(self, value):
                        self.value = value
                    def __repr__(self):
                        return 'Row %d' % self.value
                def row():
                    return Row(2)
                to_workers(row, lambda: [Row(3)], lambda: open('rows.txt').read())
                """,
                "rows.txt", "4");
        Map<String, String> environment = Map.of(
                "main.py", "from stage import stage, hour\nto_workers(stage, hour)\n",
                "stage.py", """
                import os, time
                def stage():
                    return os.environ['STAGE']
                def hour():
                    return time.localtime(0).tm_hour
                """);
        Map<String, String> writesInWorkers = Map.of(
                "main.py", "from log import fresh, more, beside\nto_workers(fresh, more, beside)\n",
                "log.py", """
                import os
                def fresh():
                    os.makedirs('out', exist_ok=True)
                    open('out/x.txt', 'w').write('x')
                    return os.listdir('out')
                def more():
                    with open('data/log.txt', 'a') as log:
                        log.write('one\\n')
                    return open('data/log.txt').read()
                def beside():
                    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'cache.txt')
                    open(path, 'w').write('c')
                    return open('cache.txt').read()
                """,
                "data/log.txt", "zero\n");
        Map<String, String> module = Map.of(
                "app/__init__.py", "",
                "app/__main__.py", "from .work import value\nprint(value(), __package__)\nto_workers(value)\n",
                "app/work.py", "def value():\n    return 7\n",
                "README.md", "");
        Map<String, String> libs = Map.of(
                "main.py", "from vendored import thing\nprint(thing.value())\nto_workers(thing.value)\n",
                "libs/vendored/__init__.py", "",
                "libs/vendored/thing.py", "def value():\n    return 'vendored'\n");
        return List.of(
                new Shape("flat scripts", "main.py", List.of(), flat, Packing.PLAIN),
                new Shape("src layout", "jobs/run.py", List.of("src"), src, Packing.PLAIN),
                new Shape("namespace packages", "main.py", List.of(), namespace, Packing.PLAIN),
                new Shape("a package with data files", "main.py", List.of(), data, Packing.PLAIN),
                // Such a project is started with PYTHONPATH=. on a laptop, too.
                new Shape("an entry in a sub-folder", "jobs/daily/main.py", List.of(""), folder, Packing.PLAIN),
                new Shape("equal names in root and entry folder", "jobs/main.py", List.of(""), twins, Packing.PLAIN),
                new Shape("functions and classes of the entry", "main.py", List.of(), own, Packing.PLAIN),
                new Shape("functions that read the environment", "main.py", List.of(), environment, Packing.PLAIN),
                new Shape("functions that write files", "main.py", List.of(), writesInWorkers, Packing.PLAIN),
                new Shape("spaces and non-ASCII letters", "mes données/été main.py", List.of(), names, Packing.PLAIN),
                new Shape("a GitHub download", "main.py", List.of(), data, Packing.GITHUB),
                new Shape("a zip of Windows", "main.py", List.of(), data, Packing.WINDOWS),
                new Shape(
                        "a zip of Windows with cp437 names",
                        "mes données/été main.py",
                        List.of(),
                        names,
                        Packing.WINDOWS),
                new Shape("one that writes next to itself", "main.py", List.of(), writes, Packing.PLAIN),
                new Shape("a module with relative imports", "-m app", List.of(), module, Packing.PLAIN),
                new Shape("vendored libraries", "main.py", List.of("libs"), libs, Packing.PLAIN));
    }

    @BeforeEach
    void arrange() throws Exception {
        project = Files.createDirectories(root.resolve("filecache/10/project.zip"));
        scripts = new Scripts(Files.createDirectory(root.resolve("outputs")));
        TestMachine.needs(scripts.haveCloudpickle(), "python3 has cloudpickle (Debian: python3-cloudpickle)");
    }

    @AfterEach
    void makeWritable() throws IOException {
        permit("rwxr-xr-x");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void printsWhatItPrintsOnALaptopAndItsFunctionsWorkOnExecutors(Shape shape) throws Exception {
        ProjectArchive archive = upload(shape);
        LaunchPlan plan = plan(shape, archive);
        Path laptop = root.resolve("laptop");
        unpack(archive, laptop);
        unpack(archive, project);
        permit("r-xr-xr-x");
        Ended expected = onALaptop(shape, laptop);
        Map<String, String> before = contents(project);

        Ended driver = drive(plan);

        assertThat(printed(driver)).isEqualTo(printed(expected)).isNotEmpty();
        String work = line("WORK ", driver);
        if (!work.isEmpty()) {
            String results = line("RESULTS ", expected);
            assertThat(worker(2, plan, FakePySpark.V3, work).lines()).containsExactly(results);
            assertThat(worker(3, plan, FakePySpark.V4, work).lines()).containsExactly(results);
        }
        assertThat(contents(project)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(FakePySpark.class)
    void whatAddFileAndAddPyFileBringIsFoundByWorkers(FakePySpark pyspark) throws Exception {
        Map<String, String> files = Map.of(
                "README.md",
                "",
                "jobs/main.py",
                "from work import added\nimport base64, cloudpickle\n"
                        + "print('WORK ' + base64.b64encode(cloudpickle.dumps([added])).decode())\n",
                "jobs/work.py",
                """
                def added():
                    import onefile, fromzip, sys
                    from pyspark.files import SparkFiles
                    return onefile.NAME, fromzip.NAME, open(SparkFiles.get('table.txt')).read()
                """);
        Shape shape = new Shape("added", "jobs/main.py", List.of(), files, Packing.PLAIN);
        ProjectArchive archive = upload(shape);
        unpack(archive, project);
        permit("r-xr-xr-x");
        // As Spark's executor puts them, when a task asks for them.
        Path container = container(2);
        Files.writeString(container.resolve("onefile.py"), "NAME = 'a file'\n");
        Files.writeString(container.resolve("table.txt"), "a table");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(container.resolve("dep.zip")))) {
            zip.putNextEntry(new ZipEntry("fromzip.py"));
            zip.write("NAME = 'a zip'\n".getBytes(UTF_8));
        }

        String work = line("WORK ", drive(plan(shape, archive)));

        assertThat(worker(2, plan(shape, archive), pyspark, work).lines())
                .containsExactly("[('a file', 'a zip', 'a table')]");
    }

    /** Driver and executor as YARN lays the pieces of layout split: no launcher, no daemon of ours. */
    @Test
    void layoutSplitFindsModulesAndFilesWhereYarnLaysThem() throws Exception {
        Map<String, String> files = Map.of(
                "jobs/main.py", "from helper import rows\nfrom lib.tool import tool\nto_workers(rows, tool)\n",
                "jobs/helper.py", "def rows():\n    return open('data/rows.txt').read()\n",
                "lib/__init__.py", "",
                "lib/tool.py", "def tool():\n    return 5\n",
                "data/rows.txt", "a b c");
        ProjectArchive archive = upload(new Shape("split", "jobs/main.py", List.of(), files, Packing.PLAIN));
        unpack(archive, project);
        Launch launch = new Launch(Layout.SPLIT, Mode.CLUSTER, null, new Python(List.of(), null), null, FailOn.NEVER);
        LaunchPlan plan = new LaunchPlan(archive.id(), "jobs/main.py", List.of(), Map.of(), Map.of(), launch);
        StepFiles places = new StepFiles(new MemoryArtifacts(), plan, new SubmissionKey(StepArgumentsTest.KEY));
        List<String> step = StepArguments.of(plan, "split", places, JobRules.DEFAULT, archive.files())
                .arguments();
        Path driver = laid(1, step, archive);
        Path executor = laid(2, step, archive);
        String entry = name(step.get(step.size() - 1));
        link(driver, entry, Files.readAllBytes(project.resolve("jobs/main.py")));

        Ended drove = scripts.run(
                driver,
                Map.of("PYTHONPATH", pythonPath("spark.yarn.appMasterEnv.PYTHONPATH=", step, driver)),
                List.of("python3", entry));
        Ended worked = scripts.run(
                executor,
                Map.of(
                        "PYTHONPATH",
                        pythonPath("spark.executorEnv.PYTHONPATH=", step, executor) + ":"
                                + FakePySpark.V3.install(root),
                        "WORK",
                        line("WORK ", drove)),
                List.of("python3", "-m", "pyspark.daemon"));

        assertThat(line("RESULTS ", drove)).isEqualTo("['a b c', 5]");
        assertThat(worked.lines()).containsExactly("['a b c', 5]");
    }

    private Path laid(int number, List<String> step, ProjectArchive archive) throws IOException {
        Path container =
                Files.createDirectories(root.resolve("appcache/application_1_0002/container_1_0002_01_00000" + number));
        String zip = option("--py-files", step);
        link(container, name(zip), Files.readAllBytes(archive.bytes().file()));
        for (String file : option("--files", step).split(",")) {
            String path = file.substring(file.indexOf('#') + 1);
            Files.createDirectories(container.resolve(path).getParent());
            link(container, path, Files.readAllBytes(project.resolve(path)));
        }
        return container;
    }

    private static String pythonPath(String variable, List<String> step, Path container) {
        String ours = step.stream()
                .filter(word -> word.startsWith(variable))
                .map(word -> word.substring(variable.length()) + ":")
                .findFirst()
                .orElse("");
        return (ours + "{{PWD}}/" + name(option("--py-files", step))).replace("{{PWD}}", container.toString());
    }

    private static String option(String name, List<String> step) {
        return step.get(step.indexOf(name) + 1);
    }

    private static String name(String uri) {
        return uri.substring(uri.lastIndexOf('/') + 1);
    }

    @Test
    void aProjectOfTwentyThousandFilesRunsToo() throws Exception {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < 20_000; i++) {
            files.put("data/%03d/%05d.txt".formatted(i % 200, i), "x");
        }
        files.put(
                "count.py", "import os\ndef count():\n    return sum(len(files) for _, _, files in os.walk('data'))\n");
        files.put("main.py", "from count import count\nto_workers(count)\n");
        Shape shape = new Shape("large", "main.py", List.of(), files, Packing.PLAIN);
        ProjectArchive archive = upload(shape);
        unpack(archive, project);

        Ended driver = drive(plan(shape, archive));
        assertThat(line("RESULTS ", driver)).isEqualTo("[20000]");
        assertThat(worker(2, plan(shape, archive), FakePySpark.V3, line("WORK ", driver))
                        .lines())
                .containsExactly("[20000]");
    }

    private ProjectArchive upload(Shape shape) throws IOException {
        Path zip = root.resolve("upload.zip");
        boolean windows = shape.packed() == Packing.WINDOWS;
        Charset charset = windows ? Charset.forName("IBM437") : UTF_8;
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out, charset)) {
            for (Map.Entry<String, String> file : shape.files().entrySet()) {
                String path = shape.packed() == Packing.GITHUB ? "report-main/" + file.getKey() : file.getKey();
                entries.putNextEntry(new ZipEntry(windows ? path.replace('/', '\\') : path));
                boolean isEntry = file.getKey().equals(shape.entryPoint())
                        || file.getKey().endsWith("__main__.py");
                entries.write(((isEntry ? TO_WORKERS : "") + file.getValue()).getBytes(UTF_8));
            }
        }
        return ProjectArchive.read(zip, "upload.zip", List.of(), ArchiveLimits.DEFAULTS, root);
    }

    private static LaunchPlan plan(Shape shape, ProjectArchive archive) {
        Launch launch = new Launch(
                Layout.UNCHANGED, Mode.CLUSTER, null, new Python(shape.pythonPath(), null), null, FailOn.NEVER);
        return new LaunchPlan(archive.id(), shape.entryPoint(), List.of(), Map.of(), ENVIRONMENT, launch);
    }

    private static void unpack(ProjectArchive archive, Path folder) throws IOException {
        try (java.util.zip.ZipFile zip =
                new java.util.zip.ZipFile(archive.bytes().file().toFile())) {
            for (ProjectFile file : archive.files()) {
                Path path = folder.resolve(file.path());
                Files.createDirectories(path.getParent());
                Files.write(path, zip.getInputStream(zip.getEntry(file.path())).readAllBytes());
            }
        }
    }

    private Ended onALaptop(Shape shape, Path laptop) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(
                shape.entryPoint().startsWith("-m ")
                        ? List.of("-m", shape.entryPoint().substring(3))
                        : List.of(shape.entryPoint()));
        Map<String, String> environment = new LinkedHashMap<>(ENVIRONMENT);
        environment.put(
                "PYTHONPATH",
                shape.pythonPath().stream()
                        .map(place -> laptop.resolve(place).toString())
                        .collect(Collectors.joining(":")));
        return scripts.run(laptop, environment, command);
    }

    private Ended drive(LaunchPlan plan) throws Exception {
        Path container = container(1);
        link(
                container,
                NodeProgram.launcher().name().fileName(),
                NodeProgram.launcher().content());
        link(container, "slipway-launch.json", StepArgumentsTest.launchFile(plan, JobRules.DEFAULT));
        return scripts.run(
                container,
                Map.of(),
                List.of(
                        "python3",
                        NodeProgram.launcher().name().fileName(),
                        StepArguments.ALIAS,
                        "slipway-launch.json"));
    }

    /** Starts the daemon as Spark does: as a module, from the container's folder, with the paths of the step. */
    private Ended worker(int number, LaunchPlan plan, FakePySpark pyspark, String work) throws Exception {
        Path container = container(number);
        link(
                container,
                NodeProgram.daemon().name().fileName(),
                NodeProgram.daemon().content());
        link(container, "slipway-launch.json", StepArgumentsTest.launchFile(plan, JobRules.DEFAULT));
        String module = conf(plan, "spark.python.daemon.module=");
        String paths = conf(plan, "spark.executorEnv.PYTHONPATH=") + ":" + pyspark.install(root);
        return scripts.run(
                container,
                Map.of("PYTHONPATH", paths, "WORK", work, "INCLUDES", "dep.zip"),
                List.of("python3", "-m", module));
    }

    private static String conf(LaunchPlan plan, String key) {
        return StepArgumentsTest.step(plan, JobRules.DEFAULT).arguments().stream()
                .filter(argument -> argument.startsWith(key))
                .map(argument -> argument.substring(key.length()))
                .findFirst()
                .orElseThrow();
    }

    private Path container(int number) throws IOException {
        Path container = root.resolve("appcache/application_1_0001/container_1_0001_01_00000" + number);
        Files.createDirectories(container);
        Path alias = container.resolve(StepArguments.ALIAS);
        if (!Files.exists(alias)) {
            Files.createSymbolicLink(alias, project);
        }
        return container;
    }

    private void link(Path container, String name, byte[] content) throws IOException {
        Path file = root.resolve("filecache/" + container.getFileName() + "-" + name + "/" + name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        Files.deleteIfExists(container.resolve(name));
        Files.createSymbolicLink(container.resolve(name), file);
    }

    private static List<String> printed(Ended ended) {
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        return ended.out().lines().filter(line -> !line.startsWith("WORK ")).toList();
    }

    private static String line(String label, Ended ended) {
        return printed(ended, label).findFirst().orElse("");
    }

    private static Stream<String> printed(Ended ended, String label) {
        assertThat(ended.err()).isEmpty();
        return ended.out().lines().filter(line -> line.startsWith(label)).map(line -> line.substring(label.length()));
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }

    private void permit(String permissions) throws IOException {
        try (Stream<Path> tree = Files.walk(project)) {
            for (Path path : tree.toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        try (Stream<Path> tree = Files.walk(project)) {
            for (Path path : tree.toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
            }
        }
    }
}
