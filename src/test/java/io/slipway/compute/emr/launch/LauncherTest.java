package io.slipway.compute.emr.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.compute.emr.launch.Scripts.Ended;
import io.slipway.project.Launch;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher under the machine's python3, in folders as YARN arranges them: a shared read-only cache, and links to it. */
class LauncherTest {

    private static final String LAUNCHER = "slipway_launcher_0123456789abcdef.py";
    private static final String LAUNCH = "slipway-launch.json";

    @TempDir
    private Path root;

    private Path project;
    private Path container;
    private Scripts scripts;

    @BeforeEach
    void arrange() throws IOException {
        scripts = new Scripts(Files.createDirectory(root.resolve("outputs")));
        project = Files.createDirectories(root.resolve("filecache/10/project_ab.zip"));
        container = Files.createDirectories(root.resolve("appcache/application_1_0001/container_1_0001_01_000001"));
        link(LAUNCHER, "filecache/11/" + LAUNCHER, NodeProgram.launcher().content());
        Files.createSymbolicLink(container.resolve(StepArguments.ALIAS), project);
        write("data/__init__.py", "");
        write("data/source.py", "def double(x):\n    return 2 * x\n");
        write("data/source.ini", "[source]\nrows = 3\n");
    }

    @AfterEach
    void makeWritable() throws IOException {
        permit("rwxr-xr-x");
    }

    @Test
    void aProjectReadsItsFilesAndImportsItsPackagesAsOnALaptop() throws Exception {
        write("project.py", """
            from data.source import double
            print(double(21), open('./data/source.ini').read().split()[-1])
            """);

        assertThat(launch("project.py", List.of(), Map.of()).lines()).containsExactly("42 3");
    }

    @Test
    void argumentsAndEnvironmentArriveAsTheyWereWritten() throws Exception {
        List<String> arguments = List.of("{{PWD}}", "a b", "it's \"quoted\"", "`id`", "$HOME", "\\n", "", "größe\n2");
        write("project.py", """
            import json, os, sys
            print(json.dumps([sys.argv[1:], os.environ['STAGE']]))
            """);

        Ended run = launch("project.py", arguments, Map.of("STAGE", "te{{st}}"));

        assertThat(run.out().strip())
                .isEqualTo("[[\"{{PWD}}\", \"a b\", \"it's \\\"quoted\\\"\", \"`id`\", \"$HOME\", \"\\\\n\", \"\","
                        + " \"gr\\u00f6\\u00dfe\\n2\"], \"te{{st}}\"]");
    }

    @Test
    void programsOfTheEnvironmentAreFoundFirst() throws Exception {
        run(container, Map.of(), "python3", "-m", "venv", "--without-pip", "environment");
        write("project.py", """
            import shutil, subprocess
            print(shutil.which('python3'))
            subprocess.run(['python3', '-c', 'import sys; print(sys.prefix)'])
            """);

        Ended run = launch(plan("project.py", List.of(), Map.of("PATH", "/usr/bin")), "./environment/bin/python");

        String environment = container.toRealPath().resolve("environment").toString();
        assertThat(run.lines()).containsExactlyInAnyOrder(environment + "/bin/python3", environment);
    }

    @Test
    void theEntryIsMainWithAnAbsoluteFileAndItsOwnFolderFirst() throws Exception {
        write("jobs/helper.py", "NAME = 'sibling'\n");
        write("jobs/main.py", """
            import os, sys
            import helper
            from data.source import double
            print(__name__, helper.NAME, double(1))
            print(__file__ == sys.argv[0] and os.path.isabs(__file__), os.path.relpath(__file__))
            print([os.path.relpath(p) for p in sys.path[:2]], __spec__)
            print(sys.modules['__main__'].__file__ == __file__, sorted(n for n in globals() if n[0] != '_'))
            """);

        assertThat(launch("jobs/main.py", List.of(), Map.of()).lines())
                .containsExactly(
                        "__main__ sibling 2",
                        "True jobs/main.py",
                        "['jobs', '.'] None",
                        "True ['double', 'helper', 'os', 'sys']");
    }

    @Test
    void theProjectMayWriteBesideItselfAndTheSharedTreeStaysAsItWas() throws Exception {
        write("project.py", """
            import os
            open('data/source.ini', 'a').write('more = 1\\n')
            open('data/new.txt', 'w').write('x')
            os.makedirs('out/deep')
            print(os.path.basename(os.getcwd()))
            """);

        assertThat(launch("project.py", List.of(), Map.of()).lines()).containsExactly("slipway-work");
        assertThat(project.resolve("data/source.ini")).hasContent("[source]\nrows = 3\n");
        assertThat(project.resolve("data/new.txt")).doesNotExist();
        assertThat(container.resolve("slipway-work/out/deep")).isDirectory();
    }

    @Test
    void theTreeThatAllContainersShareCannotBeWritten() throws Exception {
        assumeThat(Scripts.respectPermissions()).isTrue();
        write("project.py", """
            import os
            try:
                open('../slipway-project/data/source.ini', 'a')
            except PermissionError:
                print('read-only')
            """);

        assertThat(launch("project.py", List.of(), Map.of()).lines()).containsExactly("read-only");
    }

    @Test
    void theTimeZoneOfTheEnvironmentHolds() throws Exception {
        write("project.py", "import time\nprint(time.strftime('%H %Z', time.localtime(0)))\n");

        assertThat(launch("project.py", List.of(), Map.of("TZ", "JST-9")).lines())
                .containsExactly("09 JST");
    }

    @Test
    void anInterruptedProjectEndsAsAnInterruptedPython() throws Exception {
        write("project.py", "raise KeyboardInterrupt\n");

        Ended run = launch("project.py", List.of(), Map.of());

        assertThat(run.status()).isEqualTo(130);
        assertThat(run.err()).endsWith("KeyboardInterrupt\n").doesNotContain("slipway_launcher");
    }

    @Test
    void exitCodesPassThrough() throws Exception {
        write("three.py", "import sys\nsys.exit(3)\n");
        write("none.py", "import sys\nsys.exit()\n");
        write("words.py", "import sys\nsys.exit('no rows')\n");

        assertThat(launch("three.py", List.of(), Map.of()).status()).isEqualTo(3);
        assertThat(launch("none.py", List.of(), Map.of()).status()).isZero();
        Ended words = launch("words.py", List.of(), Map.of());
        assertThat(words.status()).isEqualTo(1);
        assertThat(words.err()).isEqualTo("no rows\n");
    }

    @Test
    void anExceptionIsShownAsWithoutALauncher() throws Exception {
        write("data/bad.py", "def fail():\n    raise KeyError('rows')\n");
        write("project.py", "import data.bad\n\ndata.bad.fail()\n");

        Ended run = launch("project.py", List.of(), Map.of());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("Traceback (most recent call last):\n  File \"")
                .contains("  File \"project.py\", line 3, in <module>\n"
                        + "    data.bad.fail()\n"
                        + "  File \"data/bad.py\", line 2, in fail\n")
                .endsWith("KeyError: 'rows'\n")
                .doesNotContain("slipway_launcher");
    }

    @Test
    void tracebacksThatTheProjectLogsNameItsFilesAsItDoes() throws Exception {
        write("data/bad.py", "def fail():\n    raise KeyError('rows')\n");
        write("project.py", """
            import logging, traceback
            import data.bad

            try:
                data.bad.fail()
            except KeyError as failure:
                logging.exception("seen")
                traceback.print_exc()
                try:
                    raise ValueError("again") from failure
                except ValueError:
                    print(traceback.format_exc())
            """);

        Ended run = launch("project.py", List.of(), Map.of());

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err().split("File \"data/bad.py\", line 2, in fail", -1)).hasSize(3);
        assertThat(run.out()).contains("File \"data/bad.py\", line 2, in fail", "File \"project.py\", line 10");
        assertThat(run.out() + run.err()).doesNotContain("slipway-work");
    }

    @Test
    void aSyntaxErrorNamesItsLine() throws Exception {
        write("project.py", "x = 1\nif x\n");

        Ended run = launch("project.py", List.of(), Map.of());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .contains("project.py\", line 2")
                .contains("SyntaxError")
                .doesNotContain("slipway_launcher");
    }

    @Test
    void threadsAndExitHandlersStillHaveTheirModule() throws Exception {
        write("project.py", """
            import atexit, sys, threading, time
            NAME = 'still here'
            def late():
                time.sleep(0.05)
                print('thread', NAME, sys.modules['__main__'].NAME)
            threading.Thread(target=late).start()
            atexit.register(lambda: print('exit', NAME, sys.modules['__main__'].NAME))
            """);

        assertThat(launch("project.py", List.of(), Map.of()).lines())
                .containsExactly("thread still here still here", "exit still here still here");
    }

    @Test
    void multiprocessingFindsTheEntryInEitherWay() throws Exception {
        write("project.py", """
            import multiprocessing, sys
            from data.source import double
            def work(x):
                return double(x) + 1
            if __name__ == '__main__':
                for way in ('spawn', 'fork'):
                    with multiprocessing.get_context(way).Pool(1) as pool:
                        print(way, pool.map(work, [1, 2]))
            """);

        assertThat(launch("project.py", List.of(), Map.of()).lines()).containsExactly("spawn [3, 5]", "fork [3, 5]");
    }

    @Test
    void aProjectsOwnModuleWinsOverOneThatTheLauncherUses() throws Exception {
        write("json.py", "NAME = 'mine'\n");
        write("fnmatch/__init__.py", "NAME = 'mine too'\n");
        write("project.py", """
            import json, fnmatch
            print(getattr(json, 'NAME', None), getattr(fnmatch, 'NAME', None))
            """);
        // Some machines' site-packages load such modules before any script: then Python's own wins there, too.
        List<String> onALaptop = run(project, Map.of("PYTHONDONTWRITEBYTECODE", "1"), "python3", "project.py")
                .lines();

        assertThat(launch("project.py", List.of(), Map.of()).lines()).isEqualTo(onALaptop);
    }

    @Test
    void aModuleRunsAsPythonsOptionRunsIt() throws Exception {
        write("jobs/__init__.py", "");
        write("jobs/names.py", "NAME = 'relative'\n");
        write("jobs/report.py", """
            import multiprocessing, os, sys
            from . import names
            def work(x):
                return x + 1
            if __name__ == '__main__':
                print(__name__, __package__, names.NAME, __spec__.name, os.path.relpath(__file__), sys.argv[1:])
                with multiprocessing.get_context('spawn').Pool(1) as pool:
                    print(pool.map(work, [1]))
            """);
        write("jobs/__main__.py", "from . import names\nprint('package', names.NAME)\n");
        List<String> onALaptop = run(
                        project, Map.of("PYTHONDONTWRITEBYTECODE", "1"), "python3", "-m", "jobs.report", "x")
                .lines();

        assertThat(launch("-m jobs.report", List.of("x"), Map.of()).lines())
                .isEqualTo(onALaptop)
                .hasSize(2);
        assertThat(launch("-m jobs", List.of(), Map.of()).lines()).containsExactly("package relative");
        assertThat(launch("-m jobs.nothing", List.of(), Map.of()).err()).contains("No module named jobs.nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope", "nope.x", "data", "project.py"})
    void aModuleThatCannotBeStartedIsRefusedInPythonsOwnWords(String module) throws Exception {
        write("project.py", "print('it ran')\n");
        Ended laptop = run(project, Map.of("PYTHONDONTWRITEBYTECODE", "1"), "python3", "-m", module);

        Ended run = launch("-m " + module, List.of(), Map.of());

        assertThat(run.err()).isEqualTo(laptop.err()).contains(module);
        assertThat(run.status()).isEqualTo(laptop.status()).isEqualTo(1);
    }

    @Test
    void aWheelOnThePythonPathWinsOverPythonsOwnModules() throws Exception {
        permit("rwxr-xr-x");
        try (ZipOutputStream wheel = new ZipOutputStream(Files.newOutputStream(project.resolve("tool.whl")))) {
            wheel.putNextEntry(new ZipEntry("json/__init__.py"));
            wheel.write("NAME = 'of the wheel'\n".getBytes(UTF_8));
        }
        write("project.py", "import json\nprint(getattr(json, 'NAME', None))\n");
        LaunchPlan plan = new LaunchPlan(
                MemoryArtifacts.PROJECT,
                "project.py",
                List.of(),
                Map.of(),
                Map.of(),
                new Launch(
                        Layout.UNCHANGED,
                        Mode.CLUSTER,
                        null,
                        new Python(List.of("tool.whl"), null),
                        null,
                        FailOn.NEVER));

        assertThat(launch(plan).lines()).containsExactly("of the wheel");
    }

    @Test
    void namesWithBlanksAndLettersOfOtherLanguagesWork() throws Exception {
        write("mes données/été main.py", "print(open('data/source.ini').readline().strip())\n");

        assertThat(launch("mes données/été main.py", List.of(), Map.of()).lines())
                .containsExactly("[source]");
    }

    @Test
    void executorsUnpickleByReferenceWhatTheDriverImported() throws Exception {
        write("jobs/helper.py", "def triple(x):\n    return 3 * x\n");
        write("jobs/main.py", """
            import base64, pickle
            import helper
            from data.source import double
            print(base64.b64encode(pickle.dumps([double, helper.triple])).decode())
            """);
        Ended driver = launch("jobs/main.py", List.of(), Map.of());
        Path executor = Files.createDirectories(root.resolve("appcache/application_1_0001/container_1_0001_01_000002"));
        Files.createSymbolicLink(executor.resolve(StepArguments.ALIAS), project);
        String pythonPath =
                StepArgumentsTest.step(plan("jobs/main.py", List.of(), Map.of()), JobRules.DEFAULT).arguments().stream()
                        .filter(argument -> argument.startsWith("spark.executorEnv.PYTHONPATH="))
                        .map(argument -> argument.substring(argument.indexOf('=') + 1))
                        .findFirst()
                        .orElseThrow();

        Ended worker = run(
                executor,
                Map.of("PYTHONPATH", pythonPath),
                "python3",
                "-c",
                "import base64, pickle, sys; print([f(7) for f in pickle.loads(base64.b64decode(sys.argv[1]))])",
                driver.out().strip());

        assertThat(worker.lines()).containsExactly("[14, 21]");
    }

    @ParameterizedTest
    @MethodSource("programs")
    void theSyntaxOfEachProgramIsThatOfPython37AndItImportsTheStandardLibraryAlone(NodeProgram program, String imports)
            throws Exception {
        Path file = Files.write(root.resolve("program.py"), program.content());

        Ended check = run(container, Map.of(), "python3", "-c", """
            import ast, sys
            tree = ast.parse(open(sys.argv[1]).read(), feature_version=(3, 7))
            plain = [n.name for i in ast.walk(tree) if isinstance(i, ast.Import) for n in i.names]
            print(' '.join(sorted(plain + [i.module for i in ast.walk(tree) if isinstance(i, ast.ImportFrom)])))
            """, file.toString());

        assertThat(check.lines()).containsExactly(imports);
    }

    static List<Arguments> programs() {
        return List.of(
                Arguments.of(
                        NodeProgram.launcher(),
                        "atexit functools importlib importlib.machinery json os pyspark.java_gateway re runpy select"
                                + " shutil signal stat subprocess sys time traceback types"),
                Arguments.of(NodeProgram.daemon(), "importlib json os pyspark shutil stat sys tempfile time"),
                Arguments.of(
                        NodeProgram.primaryNode(),
                        "json os re select shutil signal stat subprocess sys tarfile tempfile zipfile"));
    }

    @Test
    void thePartsOfTheLiveChannelImportTheStandardLibraryAndOneAnotherAlone() throws Exception {
        Path archive = Files.write(root.resolve("live.zip"), NodeProgram.live().content());

        Ended check = run(container, Map.of(), "python3", "-c", """
            import ast, sys, zipfile
            with zipfile.ZipFile(sys.argv[1]) as parts:
                trees = [ast.parse(parts.read(name).decode(), feature_version=(3, 7)) for name in parts.namelist()]
                ours = {name[:-3] for name in parts.namelist()}
            nodes = [node for tree in trees for node in ast.walk(tree)]
            names = {n.name for i in nodes if isinstance(i, ast.Import) for n in i.names}
            names |= {i.module for i in nodes if isinstance(i, ast.ImportFrom)}
            print(' '.join(sorted(names - ours)))
            """, archive.toString());

        assertThat(check.lines())
                .containsExactly("base64 json os re select shutil signal socket stat subprocess sys tempfile time");
    }

    @Test
    void standardInputIsAtItsEndThoughYarnLeavesItOpen() throws Exception {
        write("project.py", """
            import subprocess, sys
            print(repr(sys.stdin.read()), subprocess.call(['cat']))
            try:
                input()
            except EOFError:
                print('nobody types')
            """);

        assertThat(launch("project.py", List.of(), Map.of()).lines()).containsExactly("'' 0", "nobody types");
    }

    @Test
    void tracebacksOfExecutorsNameFilesOfTheProjectToo() throws Exception {
        write("project.py", """
            folder = '/mnt/yarn/appcache/application_1_0001/container_e02_1_0001_01_000002'
            frames = ['slipway-work/data/source.py', 'pyspark.zip/pyspark/worker.py']
            text = '\\n'.join('  File "%s/%s", line 2' % (folder, frame) for frame in frames)
            raise RuntimeError('thrown:\\n' + text + '\\n  File "/usr/lib/python3.9/json/decoder.py", line 1')
            """);

        assertThat(launch("project.py", List.of(), Map.of()).err())
                .contains(
                        "  File \"project.py\", line 4, in <module>",
                        "  File \"data/source.py\", line 2",
                        "  File \"pyspark.zip/pyspark/worker.py\", line 2",
                        "  File \"/usr/lib/python3.9/json/decoder.py\", line 1");
    }

    @Test
    void aProjectsOwnExceptHookIsAsked() throws Exception {
        write("project.py", "import sys\nsys.excepthook = lambda *_: print('mine')\n1 / 0\n");

        Ended run = launch("project.py", List.of(), Map.of());

        assertThat(run.out()).isEqualTo("mine\n");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isEqualTo(1);
    }

    private static LaunchPlan plan(String entryPoint, List<String> arguments, Map<String, String> environment) {
        return new LaunchPlan(MemoryArtifacts.PROJECT, entryPoint, arguments, Map.of(), environment);
    }

    private Ended launch(String entryPoint, List<String> arguments, Map<String, String> environment) throws Exception {
        return launch(plan(entryPoint, arguments, environment));
    }

    private Ended launch(LaunchPlan plan) throws Exception {
        return launch(plan, "python3");
    }

    private Ended launch(LaunchPlan plan, String python) throws Exception {
        Files.deleteIfExists(container.resolve(LAUNCH));
        link(LAUNCH, "filecache/12/" + LAUNCH, StepArgumentsTest.launchFile(plan, JobRules.DEFAULT));
        Path work = container.resolve("slipway-work");
        if (Files.exists(work)) {
            Files.move(work, root.resolve("before-" + System.nanoTime()));
        }
        permit("r-xr-xr-x");
        return run(container, Map.of(), python, LAUNCHER, StepArguments.ALIAS, LAUNCH);
    }

    private Ended run(Path folder, Map<String, String> environment, String... command) throws Exception {
        return scripts.run(folder, environment, List.of(command));
    }

    private void write(String path, String content) throws IOException {
        permit("rwxr-xr-x");
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void link(String name, String target, byte[] content) throws IOException {
        Path file = root.resolve(target);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        Files.createSymbolicLink(container.resolve(name), file);
    }

    /** As YARN localises it, nobody may write. */
    private void permit(String permissions) throws IOException {
        List<Path> all = new ArrayList<>(List.of(project));
        Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Stream<Path> tree = Files.walk(project)) {
            tree.forEach(all::add);
        }
        for (Path path : all) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }
}
