package io.slipway.compute.emr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.JobRules;
import io.slipway.compute.emr.Scripts.Ended;
import io.slipway.project.ArchiveLimits;
import io.slipway.project.Launch;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectArchive;
import io.slipway.project.ProjectFile;
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
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Projects as people really have them, from the upload to a driver and two executors in folders as YARN arranges them: each prints what it
 * prints on a laptop, and its functions work in workers that unpickle by reference, as PySpark's do, and read files by relative paths.
 */
class ProjectShapesTest {

    /** Pickles by reference what the project's modules define: cloudpickle where the machine has it, which does as pickle here. */
    private static final String TO_WORKERS = """

            def to_workers(*functions):
                import base64
                try:
                    import cloudpickle as pickle
                except ImportError:
                    import pickle
                print('WORK ' + base64.b64encode(pickle.dumps(functions)).decode())

            """;

    /** Spark's worker, as far as it matters: forked by the daemon, it loads functions and calls them. */
    private static final String PYSPARK_DAEMON = """
            import base64, os, pickle, sys
            def manager():
                print([function() for function in pickle.loads(base64.b64decode(os.environ['WORK']))])
            """;

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
                new Shape("an entry in a sub-folder", "jobs/daily/main.py", List.of(), folder, Packing.PLAIN),
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
    void arrange() throws IOException {
        project = Files.createDirectories(root.resolve("filecache/10/project.zip"));
        scripts = new Scripts(Files.createDirectory(root.resolve("outputs")));
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

        Ended driver = drive(plan);

        assertThat(printed(driver)).isEqualTo(printed(expected)).isNotEmpty();
        String work = work(driver);
        if (!work.isEmpty()) {
            String results = worker(2, plan, work);
            assertThat(results).isEqualTo(worker(3, plan, work)).startsWith("[");
        }
    }

    @Test
    void aProjectOfTwentyThousandFilesRunsToo() throws Exception {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < 20_000; i++) {
            files.put("data/%03d/%05d.txt".formatted(i % 200, i), "x");
        }
        files.put("main.py", "import os\nprint(sum(len(files) for _, _, files in os.walk('data')))\n");
        Shape shape = new Shape("large", "main.py", List.of(), files, Packing.PLAIN);
        ProjectArchive archive = upload(shape);
        unpack(archive, project);

        assertThat(printed(drive(plan(shape, archive)))).containsExactly("20000");
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
        return new LaunchPlan(archive.id(), shape.entryPoint(), List.of(), Map.of(), Map.of(), launch);
    }

    private static void unpack(ProjectArchive archive, Path folder) throws IOException {
        try (java.util.zip.ZipFile zip =
                new java.util.zip.ZipFile(archive.file().toFile())) {
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
        List<String> path = new ArrayList<>(List.of(laptop.toString()));
        shape.pythonPath().forEach(place -> path.add(laptop.resolve(place).toString()));
        return scripts.run(laptop, Map.of("PYTHONPATH", String.join(":", path)), command);
    }

    private Ended drive(LaunchPlan plan) throws Exception {
        Path container = container(1);
        link(
                container,
                NodeProgram.launcher().name().fileName(),
                NodeProgram.launcher().content());
        link(container, "launch.json", StepArgumentsTest.launchFile(plan, JobRules.DEFAULT));
        return scripts.run(
                container,
                Map.of(),
                List.of("python3", NodeProgram.launcher().name().fileName(), StepArguments.ALIAS, "launch.json"));
    }

    /** Starts the daemon as Spark does: as a module, from the container's folder, with the paths of the step. */
    private String worker(int number, LaunchPlan plan, String work) throws Exception {
        Path container = container(number);
        link(
                container,
                NodeProgram.daemon().name().fileName(),
                NodeProgram.daemon().content());
        Path pyspark = Files.createDirectories(root.resolve("spark/pyspark"));
        Files.writeString(pyspark.resolve("__init__.py"), "");
        Files.writeString(pyspark.resolve("daemon.py"), PYSPARK_DAEMON);
        String module = conf(plan, "spark.python.daemon.module=");
        String paths = conf(plan, "spark.executorEnv.PYTHONPATH=") + ":" + root.resolve("spark");
        Ended ended =
                scripts.run(container, Map.of("PYTHONPATH", paths, "WORK", work), List.of("python3", "-m", module));
        return ended.lines().get(0);
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

    private static String work(Ended ended) {
        return ended.out()
                .lines()
                .filter(line -> line.startsWith("WORK "))
                .map(line -> line.substring(5))
                .findFirst()
                .orElse("");
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
