"""Starts a project on the driver as `python <entry>`, or `python -m <module>`, would have started it on a laptop.

    launcher.py <link to the unpacked project, or "." for the working directory> <launch file>
    launcher.py late-context

The second form is the first one's own: see `LateContext`.

YARN unpacks the project once for all containers of a node, read-only, and starts this file from a cache folder. So the
project is copied to a private, writable folder of the container, which becomes the working directory; the entry point then runs as
`__main__` with the arguments and the environment that the launch file holds. They travel in a file because a step's arguments
are short, are shown to everybody, and are rewritten by YARN's shell.

Standard library only; the syntax is held to Python 3.7.
"""
import sys

_LOADED_BEFORE = set(sys.modules)

import atexit
import functools
import importlib
import importlib.machinery
import json
import os
import re
import runpy
import select
import shutil
import signal
import stat
import subprocess
import time
import traceback
import types

HERE = "."
WORK = "slipway-work"
LATE_CONTEXT = "late-context"
TOLD = "live-told"  # a pipe beside the launch file, on the primary node
WAITED = "live-waited"  # a file beside it: the program's end is shown, or was waited for long enough
LONGEST_WAIT = 2.0  # of a program that has ended, for what it printed last to be shown

SPARK_CONTEXT = ("pyspark.context", "pyspark.core.context")  # the second from Spark 4 on
TAKES_A_FILE = ("addFile", "addPyFile", "addArchive")

# Of a context that nobody works with. What else the job set is the cluster's way to start Spark, or is not needed.
OF_A_LATE_CONTEXT = {
    "spark.dynamicAllocation.enabled": "false",
    "spark.eventLog.enabled": "false",
    "spark.executor.instances": "0",
    "spark.ui.enabled": "false",
}
NOT_FOR_A_LATE_CONTEXT = ("spark.extraListeners", "spark.plugins", "spark.streaming.dynamicAllocation.enabled")


def main(link, launch_file):
    with open(launch_file, encoding="utf-8") as file:
        launch = json.load(file)
    nothing_to_read()
    on_yarn = link != HERE
    live = live_channel(launch, os.path.dirname(os.path.abspath(launch_file)), on_yarn)
    late = LateContext() if on_yarn and launch.get("lateContext") else None
    if live is None:
        start_project(link, launch, late, live)
    else:
        live.follows(functools.partial(start_project, link, launch, late, live))


def start_project(link, launch, late, live):
    on_yarn = link != HERE
    work = private_copy(os.path.join(os.getcwd(), link)) if on_yarn else os.getcwd()
    if on_yarn:
        sys.meta_path.insert(0, SparkContextHook(work, late, live))
        shorten_tracebacks(work)
    if on_yarn:
        link_beside(work, launch.get("beside", ()))
    os.environ.update(launch["environment"])
    programs_of_the_environment()
    os.chdir(work)
    time.tzset()  # Python has read TZ when it started
    module = launch.get("module")
    entry = None if module else os.path.join(work, *launch["entryPoint"].split("/"))
    # Python put this file's own folder first; the project sees the entry's folder there, as it would without a launcher.
    paths = [os.path.dirname(entry) if entry else work, work]
    paths += [os.path.join(work, *path.split("/")) for path in launch["pythonPath"]]
    sys.path[:1] = list(dict.fromkeys(paths))
    sys.argv[:] = [entry or "-m"] + launch["arguments"]
    forget_what_the_project_shadows(len(dict.fromkeys(paths)))
    importlib.invalidate_caches()
    start = functools.partial(run_module, module) if module else functools.partial(run_file, entry)
    if late is None:
        start(work)
    else:
        late.after(functools.partial(start, work))


def programs_of_the_environment():
    """What the packages of a virtual environment have installed as programs is found first by those that the project starts."""
    programs = os.path.dirname(os.path.abspath(sys.executable))
    folder = os.path.dirname(programs)
    if any(os.path.exists(os.path.join(folder, mark)) for mark in ("pyvenv.cfg", "conda-meta")):
        os.environ["PATH"] = os.pathsep.join([programs] + [each for each in [os.environ.get("PATH")] if each])


def link_beside(work, names):
    """What `--files` and `--archives` bring lands in the container's folder; a project looks for it in its own."""
    for name in names:
        there = os.path.join(os.getcwd(), name)
        here = os.path.join(work, name)
        if ".." not in name.split("/") and os.path.exists(there) and not os.path.lexists(here):
            os.makedirs(os.path.dirname(here), exist_ok=True)
            os.symlink(there, here)


def nothing_to_read():
    """YARN leaves standard input open and silent: who read it would wait for ever. PySpark does not use it."""
    null = os.open(os.devnull, os.O_RDONLY)
    if null == 0:
        os.set_inheritable(0, True)
    else:
        os.dup2(null, 0)
        os.close(null)
    if sys.stdin is None:
        sys.stdin = sys.__stdin__ = open(0, closefd=False)


class LateContext:
    """Keeps YARN from failing a program that ran well and used no Spark.

    YARN's application master calls a driver FAILED that ends without a SparkContext of the cluster, whatever it did. So when the
    program has succeeded and made none, one is made that asks for no executors. That is the last thing of all, after the project's
    exit handlers and threads, and in a Python of its own: Python 3.12 starts no threads at its end, and what the project did to its
    own Python is no matter there.
    """

    def __init__(self):
        self.launcher = os.path.abspath(__file__)
        self.python = sys.executable
        self.environment = dict(os.environ)  # before the job's own, and before the project could change it
        paths = self.environment.get("PYTHONPATH")
        if paths:
            self.environment["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, paths.split(os.pathsep)))
        self.process = os.getpid()
        self.status = None
        self.made_on_cluster = False
        atexit.register(self.make)  # exit handlers run in reverse order

    def after(self, start):
        try:
            start()
            self.status = 0
        except SystemExit as end:
            self.status = status_of(end.code)
            raise

    def make(self):
        # A forked process of the project runs exit handlers, too.
        if self.status != 0 or self.made_on_cluster or os.getpid() != self.process:
            return
        if "PYSPARK_GATEWAY_PORT" not in self.environment:
            return
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass  # closed, or none
        try:
            wait_for(self.python, [self.python, self.launcher, LATE_CONTEXT], self.environment)
        except Exception:
            pass  # YARN says what is missing, and nothing of ours stands in the project's output


def live_channel(launch, folder, on_yarn):
    """Where this process tells how the program goes; `None` where nobody listens. On YARN the project runs in a process of its own then."""
    try:
        if not on_yarn:
            return LiveChannel.to_primary_node(folder)
        return Watch(launch["live"]).over_a_new_process() if launch.get("live") else None
    except OSError:
        return None  # the run is shown later, then


class Watch:
    """Has one process (live) show the run while it runs, and another one run the project; this one waits for both.

    So it is known how the project ends, however that is, and the project has neither thread nor child of ours. Whatever becomes of the
    channel is no matter: at the end it is waited for 2 s at most, or as long as results may take that the job has asked for. Mostly it is
    not waited for at all: the driver's JVM stays until all is shown, 2 s at most.
    """

    SIGNALS = (signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2)
    OF_A_GROUP = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)

    def __init__(self, settings):
        self.settings = dict(settings, pid=os.getpid(), work=os.path.join(os.getcwd(), WORK))
        told, self.to = os.pipe()
        self.done, done = os.pipe()
        try:
            os.set_blocking(self.to, False)
            self.start(dict(self.settings, told=told, done=done), (told, done))
        finally:
            os.close(told)
            os.close(done)

    def start(self, settings, fds):
        program = settings.pop("program")
        beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), program)
        if os.path.exists(beside):
            program = beside  # on YARN it lies in the container's folder
        null = subprocess.DEVNULL
        subprocess.Popen(
            [sys.executable, "-s", "-S", program, json.dumps(settings)],
            stdin=null,
            stdout=null,
            stderr=null,
            pass_fds=fds,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        ).returncode = 0  # nobody asks for it

    def over_a_new_process(self):
        child = os.fork()
        if child == 0:
            os.close(self.done)
            return LiveChannel(self.to)
        status = 1
        try:
            status = self.status_of(child)
        finally:
            # Never on into the project, which the other process runs.
            os._exit(status)

    def status_of(self, child):
        for number in self.SIGNALS:
            signal.signal(number, lambda number, frame: os.kill(child, number))
        for number in self.OF_A_GROUP:
            signal.signal(number, signal.SIG_IGN)
        ended = os.waitpid(child, 0)[1]
        number = os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else None
        status = os.WEXITSTATUS(ended) if number is None else 128 + number
        try:
            told = {"status": status, "signal": number}
            os.write(self.to, json.dumps(told).encode("utf-8") + b"\n")
            os.close(self.to)
            self.wait_for_live()
        except Exception:
            pass  # it sees for itself that this process is gone
        return status


    def wait_for_live(self):
        """Until all is shown, or the JVM has been told to stay until then: a byte says so. Results are there before the application ends."""
        results = self.settings.get("results") or {}
        until = time.monotonic() + LONGEST_WAIT + results.get("seconds", 0)
        while select.select([self.done], [], [], max(0.0, until - time.monotonic()))[0]:
            if not os.read(self.done, 1) or not results:
                return


class LiveChannel:
    """Tells how the program goes to the process that shows it."""

    LONGEST_MESSAGE = 2000
    LONGEST_TRACEBACK = 16 << 10

    def __init__(self, to, waited=None):
        """@param waited: the file that ends the wait for the JVM; None where somebody else waits"""
        self.process = os.getpid()
        self.failure = {}
        self.status = None
        self.waited = waited
        self.has_gateway = False
        self.to = to
        self.identity = identity(to)
        atexit.register(self.tell)

    @classmethod
    def to_primary_node(cls, folder):
        pipe = os.path.join(folder, TOLD)
        if not os.path.exists(pipe):
            return None
        channel = cls(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK), os.path.join(folder, WAITED))
        if "PYSPARK_GATEWAY_PORT" in os.environ:
            channel.send_gateway(int(os.environ["PYSPARK_GATEWAY_PORT"]), os.environ.get("PYSPARK_GATEWAY_SECRET"))
        return channel

    def send_gateway(self, port, secret):
        self.send({"gateway": [port, secret]})
        self.has_gateway = True

    def follows(self, start):
        try:
            start()
            self.status = 0
        except SystemExit as end:
            self.status = status_of(end.code)
            if isinstance(end, Failed):
                self.failed(end.failure, end.text or "")
            elif not isinstance(end.code, (int, type(None))):
                self.failed(end, "")
            raise
        except BaseException:
            self.status = 1
            raise

    def failed(self, failure, text):
        try:
            kind = type(failure)
            module = "" if kind.__module__ in ("builtins", "__main__") else kind.__module__ + "."
            self.failure = {
                "type": (module + kind.__qualname__)[:300],
                "message": str(failure)[: self.LONGEST_MESSAGE],
                "traceback": last_lines(text, self.LONGEST_TRACEBACK),
            }
        except Exception:
            pass  # of an exception with a text that fails itself

    def spark_is_there(self, context):
        """For a program that has started its JVM itself."""
        if "PYSPARK_GATEWAY_PORT" not in os.environ:
            try:
                gateway = context._gateway.gateway_parameters
                self.send_gateway(gateway.port, gateway.auth_token)
            except Exception:
                pass

    def tell(self):
        if os.getpid() == self.process:  # a forked process of the project runs exit handlers, too
            try:
                self.send({"end": dict(self.failure, exitCode=self.status, python=sys.version.split()[0])})
                self.wait_for_the_jvm()
            except Exception:
                pass  # its process's own status is seen all the same

    def wait_for_the_jvm(self):
        """It ends with this process in client mode, and the command that puts objects without it takes seconds to start."""
        if not self.waited or not self.has_gateway:
            return
        until = time.monotonic() + LONGEST_WAIT
        while not os.path.exists(self.waited):
            if time.monotonic() >= until:
                os.close(os.open(self.waited, os.O_CREAT | os.O_WRONLY, 0o600))
            time.sleep(0.02)

    def send(self, told):
        # A project may close all that is open, and then open its own under the same number.
        if self.identity is not None and self.identity == identity(self.to):
            # As UTF-8, so that it fits into a pipe.
            os.write(self.to, json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def last_lines(text, most):
    """The end of a text, in bytes of UTF-8, from the beginning of a line if there is one."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= most:
        return text
    end = encoded[-most:]
    return end[end.find(b"\n") + 1 :].decode("utf-8", "ignore")


def identity(fd):
    try:
        found = os.fstat(fd)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def status_of(code):
    if code is None:
        return 0
    return code & 0xFF if isinstance(code, int) else 1


def wait_for(program, words, environment):
    if not hasattr(os, "posix_spawn"):  # Python 3.7
        null = subprocess.DEVNULL
        subprocess.call(words, env=environment, stdin=null, stdout=null, stderr=null)
        return
    # Not subprocess: Python 3.12 forks no more at its end.
    silent = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    silent += [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    os.waitpid(os.posix_spawn(program, words, environment, file_actions=silent), 0)


def make_late_context():
    """In a process of its own, but in the JVM of the driver, where a context of the cluster belongs."""
    from pyspark.java_gateway import launch_gateway

    jvm = launch_gateway().jvm
    active = getattr(getattr(jvm.org.apache.spark, "SparkContext$"), "MODULE$").getActive()
    if active.isDefined():
        if not active.get().isLocal():
            return
        active.get().stop()
    log = jvm.org.slf4j.LoggerFactory.getLogger("io.slipway.launcher")
    log.warn("The program has ended well and made no Spark context of the cluster. Slipway makes one, since YARN would call it FAILED.")
    conf = jvm.org.apache.spark.SparkConf()
    for key, value in OF_A_LATE_CONTEXT.items():
        conf.set(key, value)
    for key in NOT_FOR_A_LATE_CONTEXT:
        conf.remove(key)
    jvm.org.apache.spark.api.java.JavaSparkContext(conf).stop()


class SparkContextHook:
    """Changes pyspark's SparkContext once the project imports it, if ever it does."""

    def __init__(self, work, late, live):
        self.work = work
        self.late = late
        self.live = live

    def find_spec(self, name, path=None, target=None):
        if name not in SPARK_CONTEXT:
            return None
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target) if finder is not self and hasattr(finder, "find_spec") else None
            if spec is not None:
                spec.loader = ChangingLoader(spec.loader, self.change)
                return spec
        return None

    def change(self, module):
        context = getattr(module, "SparkContext", None)
        if context is None or context.__module__ != module.__name__:
            return
        for name in TAKES_A_FILE:
            if hasattr(context, name):
                setattr(context, name, self.from_the_project(getattr(context, name)))
        if self.late is not None or self.live is not None:
            context.__init__ = self.noticed(context.__init__)

    def from_the_project(self, add):
        """The JVM's working directory is the container's, whatever Python's is: a relative path means nothing there."""

        @functools.wraps(add)
        def added(context, path, *more, **named):
            return add(context, self.absolute(path), *more, **named)

        return added

    def absolute(self, path):
        if not isinstance(path, str):
            return path
        name, mark, alias = path.partition("#")
        for whole, rest in ((path, ""), (name, mark + alias)):
            if whole and os.path.exists(os.path.join(self.work, whole)):
                return os.path.normpath(os.path.join(self.work, whole)) + rest
        return path

    def noticed(self, init):
        @functools.wraps(init)
        def started(context, *arguments, **named):
            init(context, *arguments, **named)
            if self.late is not None and not str(getattr(context, "master", "")).startswith("local"):
                self.late.made_on_cluster = True
            if self.live is not None:
                self.live.spark_is_there(context)

        return started


class ChangingLoader:
    """Loads as another loader does, and has the module changed before anybody sees it."""

    def __init__(self, loader, change):
        self.loader = loader
        self.change = change

    def __getattr__(self, name):
        return getattr(self.loader, name)

    def create_module(self, spec):
        return self.loader.create_module(spec) if hasattr(self.loader, "create_module") else None

    def exec_module(self, module):
        module.__loader__ = module.__spec__.loader = self.loader
        if hasattr(self.loader, "exec_module"):
            self.loader.exec_module(module)
        else:  # of a zip, before Python 3.10
            exec(self.loader.get_code(module.__name__), module.__dict__)
        self.change(module)


def private_copy(source):
    work = os.path.join(os.path.dirname(source), WORK)
    shutil.copytree(source, work, symlinks=True)
    add_mode(work, stat.S_IRWXU)
    for folder, folders, files in os.walk(work):
        for name in folders:
            add_mode(os.path.join(folder, name), stat.S_IRWXU)
        for name in files:
            add_mode(os.path.join(folder, name), stat.S_IRUSR | stat.S_IWUSR)
    return work


def add_mode(path, bits):
    if not os.path.islink(path):
        os.chmod(path, stat.S_IMODE(os.stat(path).st_mode) | bits)


def forget_what_the_project_shadows(ours):
    """A project with a json.py of its own must get that one, although this launcher has imported Python's."""
    for name in set(sys.modules) - _LOADED_BEFORE:
        top = name.split(".")[0]
        if is_module(top, sys.path[:ours]):
            del sys.modules[name]


def is_module(name, paths):
    # A folder without __init__.py has no origin, and comes after Python's own modules.
    spec = importlib.machinery.PathFinder.find_spec(name, paths)
    return spec is not None and spec.origin is not None


def run_file(entry, work):
    loader = importlib.machinery.SourceFileLoader("__main__", entry)
    code = guarded(work, lambda: loader.source_to_code(loader.get_data(entry), entry))
    run(work, code, loader, {"__file__": entry})


class CannotStart(Exception):
    """There is no such module, or it is none that can be started."""


def run_module(name, work):
    try:
        # What python -m itself calls: it finds and refuses the same, in the same words.
        _, spec, code = guarded(work, lambda: runpy._get_module_details(name, CannotStart), CannotStart)
    except CannotStart as refusal:
        sys.exit("%s: %s" % (sys.executable, refusal))
    sys.argv[0] = spec.origin
    run(work, code, spec.loader, {"__file__": spec.origin, "__cached__": spec.cached, "__spec__": spec, "__package__": spec.parent})


def run(work, code, loader, names):
    # Not runpy: its stand-in for __main__ is taken away when the script's last line is done, which threads and exit
    # handlers of the project would notice.
    module = types.ModuleType("__main__")
    module.__loader__ = loader
    module.__builtins__ = __builtins__
    module.__annotations__ = {}
    module.__dict__.update(names)
    sys.modules["__main__"] = module
    guarded(work, lambda: exec(code, module.__dict__))


class Failed(SystemExit):
    """The end of a program by an exception that has been shown."""

    def __init__(self, failure, text):
        super().__init__(130 if isinstance(failure, KeyboardInterrupt) else 1)
        self.failure = failure
        self.text = text


def guarded(work, action, *passed):
    """Shows a failure without the launcher's own frames, which are no part of the project."""
    try:
        return action()
    except (SystemExit,) + passed:
        raise
    except BaseException as failure:
        raise Failed(failure, show(failure.with_traceback(failure.__traceback__.tb_next.tb_next), work))


def show(failure, work):
    text = None
    if sys.excepthook is sys.__excepthook__:
        try:
            text = with_paths_of_the_project(traceback.format_exception(type(failure), failure, failure.__traceback__), work)
        except Exception:
            pass  # Python's own way gets along with more
    if text is None or sys.stderr is None:
        sys.excepthook(type(failure), failure, failure.__traceback__)
    else:
        sys.stderr.write(text)
    return text


def shorten_tracebacks(work):
    """Those that the project logs or prints itself, too: logging and traceback make their texts by this one method.

    Frames of this file stand between the project and Spark where a method of Spark's is called by ours.
    """
    whole = traceback.TracebackException.format
    own_frame = re.compile(r'[\s|]*File "%s", line ' % re.escape(main.__code__.co_filename))

    @functools.wraps(whole)
    def short(self, *arguments, **named):
        for line in whole(self, *arguments, **named):
            if not own_frame.match(line):
                yield with_paths_of_the_project([line], work)

    traceback.TracebackException.format = short


def with_paths_of_the_project(lines, work):
    """A container's folder is 200 characters of no interest; this one's and those of executors, whose tracebacks come as text."""
    folders = r"(?:%s|/[^\"\n]*/container_[^/\"\n]+(?:/%s)?)/" % (re.escape(work), WORK)
    return re.sub(r'(\bFile ")' + folders, r"\1", "".join(lines))


if __name__ == "__main__":
    if sys.argv[1:] == [LATE_CONTEXT]:
        make_late_context()
    else:
        main(*sys.argv[1:3])
