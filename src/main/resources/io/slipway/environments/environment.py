"""Builds one Python environment by pip and says what became of it. Standard library only; the syntax is held to Python 3.7.

    python3 environment.py probe < question.json    what this machine would build with, as JSON on stdout
    python3 environment.py complete < wish.json     whether this Python has all of it already, as JSON on stdout
    python3 environment.py start <folder>           answers at once and leaves a process that builds
    python3 environment.py build <folder>           builds and returns

The folder: `order.json` says what is wanted; `lock` is held for the builder's life; `started` is made once, so one folder is built in once;
`cancel` is a wish of the service; `build.log` is for people; `result.json` is the end; `venv` is the environment, `environment.tar.gz` the
same packed. Nothing of what is installed is ever run here: pip lies outside of the environment, and wheels need no code of theirs.
"""
import fcntl
import glob
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile

LOOK_EVERY = 0.2
MEASURE_EVERY = 2.0
LONGEST_LOG = 8 << 20
LAST_LINES = 20
NETWORK = re.compile(
    r"retrying \(retry\(|connection (?:refused|reset|aborted|broken|error)|timed out|temporary failure in name resolution|name or service not known"
    r"|failed to establish a new connection|\b50[0-9] (?:server )?error|too many 50[0-9]|remote end closed|incompleteread|connection to .* failed", re.IGNORECASE)
DISK = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
HASHES = re.compile(r"do not match the hashes|hashes are required", re.IGNORECASE)
CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
SCRIPT = "#!/bin/sh\n'''exec' \"$(dirname \"$(readlink -f \"$0\")\")/python\" \"$0\" \"$@\"\n' '''\n"


class Failed(Exception):
    """kind: requirements, python, login, network (the index was not reached), download (it was), disk, machine, size, time, cancelled"""

    def __init__(self, kind, message):
        Exception.__init__(self, message)
        self.kind = kind


def main(verb, folder=None):
    if verb == "probe":
        json.dump(probe(json.load(sys.stdin)), sys.stdout)
        return 0
    if verb == "complete":
        json.dump(complete(json.load(sys.stdin)), sys.stdout)
        return 0
    os.chdir(folder)
    os.umask(0o077)
    if verb == "start":
        return detach()
    build(secrets())
    return 0


def secrets():
    """What nobody may read in a file: logins of the index."""
    text = sys.stdin.read()
    return json.loads(text) if text.strip() else []


# --- what there is

def probe(question):
    """version: `3.11`, or none for the machine's own; python: which one that is, where it is not the one that asks"""
    wanted = question.get("version")
    own = question.get("python") or sys.executable
    python, version = interpreter(own)
    if not python:
        return {"problem": "PySpark is set to use %s there, which cannot be started. %s" % (own, pythons())}
    if wanted and not version.startswith(wanted + "."):
        own = version
        python, version = interpreter("python" + wanted)
        if not python:
            return {"problem": "There is no python%s on this machine. Install it, or leave the version out: python3 is %s there. %s" % (wanted, own, pythons())}
    pip = pip_version(python)
    if not pip:
        return {"problem": "Neither pip nor ensurepip was found for %s. Install them: apt install python3-venv python3-pip, or dnf install python3-pip." % python}
    return {"python": python, "version": version, "pip": pip, "machine": platform.machine(), "spark": spark_home()}


def interpreter(name):
    """Path and version; none for one that is not there, or is no Python 3."""
    path = shutil.which(name)
    if not path:
        return None, None
    if path == sys.executable:
        return path, platform.python_version()
    try:
        answer = subprocess.run([path, "-I", "-c", "import sys, platform; print(sys.executable); print(platform.python_version())"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True).stdout.split("\n")
    except OSError:
        return None, None
    return (answer[0], answer[1]) if len(answer) > 2 else (None, None)


def pythons():
    """What there is, for who has to choose another."""
    found = set()
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        found.update(name for name in map(os.path.basename, glob.glob(os.path.join(folder, "python3.*"))) if re.match(r"python3\.\d+$", name))
    return "It has: %s." % (", ".join(sorted(found, key=lambda name: int(name.split(".")[1]))) or "no python3.N")


FIND_PIP = """
import glob, os, re, sys
def bundled():
    import ensurepip
    folders = [os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"), getattr(ensurepip, "_WHEEL_PKG_DIR", None) or ""]
    return [wheel for folder in folders if folder for wheel in sorted(glob.glob(os.path.join(folder, "pip-*.whl")))]
try:
    wheels = bundled()
except ImportError:
    wheels = []
if wheels:
    print(wheels[-1]); print(os.path.basename(wheels[-1]).split("-")[1])
else:
    import pip
    print(os.path.dirname(pip.__file__)); print(pip.__version__)
"""


def find_pip(python):
    found = subprocess.run([python, "-I", "-c", FIND_PIP], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True)
    lines = found.stdout.split("\n")
    return (lines[0], lines[1]) if found.returncode == 0 and len(lines) >= 2 else (None, None)


def pip_version(python):
    return find_pip(python)[1]


def spark_home():
    """As the service looks for Spark: SPARK_HOME, the PATH, pip's pyspark."""
    home = os.environ.get("SPARK_HOME")
    if home and os.path.isfile(os.path.join(home, "bin", "spark-submit")):
        return home
    found = shutil.which("spark-submit")
    if found:
        return os.path.dirname(os.path.dirname(os.path.realpath(found)))
    import importlib.util
    sys.path = [folder for folder in sys.path if folder]
    spec = importlib.util.find_spec("pyspark")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if os.path.isfile(os.path.join(folder, "bin", "spark-submit")):
            return folder
    return None


def provided(home):
    """Name and version of what comes with Spark, which is not installed a second time."""
    versions = {}
    for name in ("version.py", "python/pyspark/version.py"):
        path = os.path.join(home, name)
        if os.path.isfile(path):
            with open(path) as file:
                found = re.search(r"__version__[^=]*=\s*[\"']([^\"']+)", file.read())
            if found:
                versions["pyspark"] = found.group(1)
    if "pyspark" not in versions and os.path.isfile(os.path.join(home, "RELEASE")):
        with open(os.path.join(home, "RELEASE")) as file:
            found = re.match(r"Spark (\d+\.\d+\.\d+)", file.read())
        if found:
            versions["pyspark"] = found.group(1)
    for path in glob.glob(os.path.join(home, "python", "lib", "py4j-*-src.zip")):
        versions["py4j"] = os.path.basename(path)[len("py4j-"):-len("-src.zip")]
    return versions


# --- what is there already

def complete(wish):
    """Whether a program that this Python runs finds all that the lines name, and what those need, in versions that fit. A line with a hash is never
    there: nobody can tell from which file something was installed. Nor is what cannot be told."""
    if wish.get("version") and not platform.python_version().startswith(wish["version"] + "."):
        return False
    if "PYTHONPATH" in os.environ or "PYTHONHOME" in os.environ or sys.flags.no_site:
        return False  # a script started this Python, and runs are started without it
    try:
        from importlib.metadata import distributions
        path = sys.path[1:]  # the first is the folder of this program
        pip = find_pip(sys.executable)[0]
        sys.path.insert(1, pip if pip.endswith(".whl") else os.path.dirname(pip))
        home = spark_home()
        given = provided(home) if home else {}
        versions = {name: (version, []) for name, version in given.items()}
        for each in distributions(path=path):
            name = each.metadata["Name"]
            if name:
                versions.setdefault(plain(name), (each.version, each.requires or []))
        lines = [line for line in wish["lines"] if plain(re.match("[A-Za-z0-9._-]*", line).group(0)) not in given]
        return fits(lines, wish["constraints"], versions, not wish["noDeps"])
    except Exception:
        return False


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def fits(lines, constraints, versions, follow):
    """versions: what there is, by name: its version, and what it requires"""
    from pip._vendor.packaging.requirements import Requirement
    todo = [(line, "") for line in lines]
    seen = set()
    while todo:
        text, extra = todo.pop()
        need = Requirement(text)
        if need.marker and not need.marker.evaluate({"extra": extra}):
            continue
        version, requires = versions.get(plain(need.name), (None, []))
        if need.url or version is None or not need.specifier.contains(version, prereleases=True):
            return False
        for each in ("",) + tuple(need.extras):
            if follow and (plain(need.name), each) not in seen:
                seen.add((plain(need.name), each))
                todo += [(required, each) for required in requires]
    return all(allows(Requirement(constraint), versions) for constraint in constraints)


def allows(constraint, versions):
    version = versions.get(plain(constraint.name), (None, []))[0]
    applies = version is not None and (not constraint.marker or constraint.marker.evaluate())
    return not applies or constraint.specifier.contains(version, prereleases=True)


# --- one build

def detach():
    logins = secrets()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            status = 70
            try:
                devnull = os.open(os.devnull, os.O_RDWR)
                for descriptor in range(3):
                    os.dup2(devnull, descriptor)
                build(logins)
                status = 0
            finally:
                os._exit(status)
        os._exit(0)
    os.wait()
    until = time.monotonic() + 5
    while not os.path.exists("started") and time.monotonic() < until:
        time.sleep(0.01)
    return 0 if os.path.exists("started") else 75


def take():
    """True when this process is the one that builds; it then holds the lock for the rest of its life."""
    lock = os.open("lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(os.open("started", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        return True
    except OSError:
        return False


def ordered(builder):
    with open("order.json", encoding="utf-8") as file:
        return json.load(file)


def build(logins, prepared=ordered):
    """prepared: makes the order for a builder, and may fail as a build does"""
    if not take():
        return
    begun = time.monotonic()
    builder = Builder(logins)
    try:
        result = builder.build(prepared(builder))
    except Failed as failure:
        result = failure_of(failure.kind, str(failure), builder.lines)
    except OSError as problem:
        result = failure_of("disk" if problem.errno in (28, 122) else "machine", "%s" % problem, builder.lines)
    except BaseException as problem:  # nobody else would ever hear of it
        result = failure_of("machine", "The builder failed: %r" % problem, builder.lines)
    finally:
        builder.forget()
    result["seconds"] = round(time.monotonic() - begun, 1)
    if result.get("problem"):
        builder.say(result["problem"]["message"])
        shutil.rmtree("venv", ignore_errors=True)
    for left in ("tmp", "tool", "home"):
        shutil.rmtree(left, ignore_errors=True)
    write("result.json", json.dumps(result))


def failure_of(kind, message, lines):
    return {"problem": {"kind": kind, "message": message, "lines": lines[-LAST_LINES:]}}


def write(name, text):
    with open(name + ".tmp", "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(name + ".tmp", name)
    folder = os.open(".", os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


class Builder:

    def __init__(self, logins):
        self.logins = logins
        self.lines = []
        self.log = open("build.log", "ab", buffering=0)
        self.logged = 0
        self.netrc = os.path.join(os.getcwd(), "home", ".netrc")

    def say(self, text):
        self.print_out(("%s\n" % text).encode("utf-8", "replace"))

    def print_out(self, line):
        plain = CREDENTIALS.sub("", line.decode("utf-8", "replace")).rstrip()
        self.lines.append(plain[:2000])
        del self.lines[:-400]
        if self.logged < LONGEST_LOG:
            written = (plain + "\n").encode("utf-8")
            self.logged += len(written)
            self.log.write(written)

    def build(self, order):
        self.deadline = time.monotonic() + order["seconds"]
        self.most = order["maxUnpacked"]
        for folder in ("tmp", "home", "tool"):
            os.makedirs(folder, exist_ok=True)
        self.make(order["python"], order.get("pack"))
        given = self.give(provided(order["spark"]) if order.get("spark") else {})
        self.install(order, given)
        self.forget()
        self.check_places()
        packages = self.check()
        self.relocate()
        result = {"packages": packages, "python": order["version"], "unpacked": size("venv")}
        if order.get("pack"):
            result.update(self.pack(order["maxPacked"]))
        self.say("The environment is ready: %d packages, %d bytes." % (len(packages), result["unpacked"]))
        return result

    def make(self, python, travels):
        """One that travels has no link out of itself: its Python is a copy, which finds its library where this machine has it."""
        self.say("Python: %s" % python)
        self.python = python
        made = subprocess.run([python, "-I", "-m", "venv", "--without-pip"] + (["--copies"] if travels else []) + ["venv"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if made.returncode != 0:
            for line in made.stdout.splitlines():
                self.print_out(line)
            raise Failed("python", "%s makes no virtual environment. Install its module venv: apt install python3-venv." % python)
        pip, version = find_pip(python)
        if not pip:
            raise Failed("python", "Neither pip nor ensurepip was found for %s. Install them: apt install python3-venv python3-pip." % python)
        if pip.endswith(".whl"):
            with zipfile.ZipFile(pip) as wheel:
                wheel.extractall("tool", [name for name in wheel.namelist() if name.startswith("pip/")])
        else:
            os.symlink(pip, os.path.join("tool", "pip"))
        self.say("pip: %s" % version)
        self.packages = glob.glob("venv/lib/python*/site-packages")[0]

    def give(self, versions):
        """Tells pip of what the cluster has by its metadata alone: what depends on it resolves, and nothing of it is loaded."""
        for name, version in versions.items():
            folder = os.path.join(self.packages, "%s-%s.dist-info" % (name, version))
            os.makedirs(folder)
            texts = {
                "METADATA": "Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (name, version),
                "WHEEL": "Wheel-Version: 1.0\nGenerator: slipway\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                "INSTALLER": "slipway\n",
                "RECORD": "",
            }
            for file, text in texts.items():
                with open(os.path.join(folder, file), "w") as out:
                    out.write(text)
            self.say("%s %s is the cluster's own." % (name, version))
        return versions

    def install(self, order, given):
        lines = []
        for line in order["lines"]:
            name = re.match(r"[A-Za-z0-9._-]+", line)
            if name and name.group(0) in given and not line.startswith("-"):
                self.say("Left out, since the cluster has %s %s: %s" % (name.group(0), given[name.group(0)], line.split(" --hash")[0]))
            else:
                lines.append(line)
        if not [line for line in lines if not line.startswith("--")]:
            self.say("Nothing is to be installed.")
            return
        constraints = list(order["constraints"]) + ["%s==%s" % each for each in given.items()]
        for name, texts in (("requirements.txt", lines), ("constraints.txt", constraints)):
            with open(name, "w", encoding="utf-8") as out:
                out.write("\n".join(texts) + "\n")
        command = [os.path.abspath("venv/bin/python"), "-I", "-c",
                   "import sys; sys.path.insert(0, %r); import runpy; runpy.run_module('pip', run_name='__main__', alter_sys=True)"
                   % os.path.abspath("tool"),
                   "install", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--progress-bar", "off", "--timeout", "%d" % order["timeout"],
                   "--retries", "2", "--log", os.path.abspath("tmp/pip.log"), "-r", "requirements.txt"]
        # Constraints and a whole lock say the same; pip takes none of them beside hashes of what has extras.
        command += ["--no-deps"] if order["noDeps"] else ["-c", "constraints.txt"]
        command += [] if order["sdists"] else ["--only-binary", ":all:"]
        command += ["--require-hashes"] if order["requireHashes"] else []
        command += ["--index-url", order["indexUrl"]] if order.get("indexUrl") else []
        for url in order.get("extraIndexUrls", []):
            command += ["--extra-index-url", url]
        self.login()
        status = self.run(command, self.environment(order))
        if status != 0:
            raise self.reason()

    def environment(self, order):
        kept = ("PATH", "LANG", "LC_ALL", "TZ", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE",
                "REQUESTS_CA_BUNDLE", "PIP_CERT")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        environment.update({"HOME": os.path.abspath("home"), "TMPDIR": os.path.abspath("tmp"), "PYTHONUNBUFFERED": "1", "NETRC": self.netrc,
                            "PIP_CONFIG_FILE": os.devnull})
        if not order.get("indexUrl"):
            # The machine's own configuration of pip says where packages come from.
            del environment["PIP_CONFIG_FILE"]
            environment.update({name: value for name, value in os.environ.items() if name.startswith("PIP_") or name == "HOME"})
        return environment

    def login(self):
        if self.logins:
            handle = os.open(self.netrc, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w") as file:
                for login in self.logins:
                    file.write("machine %s login %s password %s\n" % (login["host"], login["user"], login["password"]))

    def forget(self):
        self.logins = []
        try:
            os.unlink(self.netrc)
        except OSError:
            pass

    def run(self, command, environment):
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        os.set_blocking(process.stdout.fileno(), False)
        measured = time.monotonic()
        rest = b""
        try:
            while True:
                ended = process.poll() is not None
                rest = self.read(process.stdout, rest)
                if ended:
                    self.print_out(rest) if rest else None
                    return process.returncode
                if os.path.exists("cancel"):
                    raise Failed("cancelled", "Nobody wants the environment any more.")
                if time.monotonic() > self.deadline:
                    raise Failed("time", "It took longer than it may; pip was stopped.")
                if time.monotonic() > measured + MEASURE_EVERY:
                    measured = time.monotonic()
                    self.measure()
                time.sleep(LOOK_EVERY)
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except OSError:
                pass
            process.wait()

    def measure(self):
        if size("venv") + size("tmp") > self.most:
            raise Failed("size", "It became larger than %d MB, as much as an environment may have (slipway.environments.max-unpacked)." % (self.most >> 20))

    def read(self, stream, rest):
        while True:
            piece = stream.read(65536)
            if not piece:
                return rest
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                self.print_out(line)
            if len(rest) > 65536:
                self.print_out(rest)
                rest = b""

    def reason(self):
        text = "\n".join(self.lines) + told("tmp/pip.log")
        errors = [line for line in self.lines if line.startswith("ERROR:")]
        last = (errors or self.lines[-1:] or ["pip said nothing"])[0]
        if HASHES.search(text):
            return Failed("requirements", last)
        if DISK.search(text):
            return Failed("disk", last)
        if re.search(r"\b401 (?:client )?error|\b403 (?:client )?error|credentials not correct", text, re.IGNORECASE):
            return Failed("requirements", "The index of packages refused the login (slipway.environments): %s" % last)
        if NETWORK.search(text) and any(line.lstrip().startswith("Downloading ") for line in self.lines):
            return Failed("download", "The packages could not be fetched: %s" % last)
        if NETWORK.search(text):
            return Failed("network", "The index of packages could not be reached: %s" % last)
        return Failed("requirements", last)

    def check_places(self):
        """pip refuses paths that escape; this is the second lock on the same door."""
        root = os.path.realpath("venv")
        self.measure()
        for folder, folders, files in os.walk(root):
            for name in folders + files:
                path = os.path.join(folder, name)
                if os.path.islink(path) and os.path.dirname(path) != os.path.join(root, "bin"):
                    target = os.path.realpath(path)
                    if target != root and not target.startswith(root + os.sep):
                        raise Failed("requirements", "%s is a link out of the environment." % os.path.relpath(path, root))
                elif not os.path.isdir(path) and not os.path.islink(path) and not os.path.isfile(path):
                    raise Failed("requirements", "%s is neither a file nor a folder." % os.path.relpath(path, root))

    def check(self):
        """As `pip check`, without starting the environment's Python: files of packages (.pth) would run in it."""
        answer = subprocess.run([self.python, "-I", "-c", CHECK, os.path.abspath("tool"), os.path.abspath(self.packages)],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        if answer.returncode != 0:
            raise Failed("machine", "The packages could not be checked: %s" % answer.stderr[-500:])
        found = json.loads(answer.stdout)
        for problem in found["problems"]:
            self.say(problem)
        if found["problems"]:
            raise Failed("requirements", "Packages do not fit together: %s" % found["problems"][0])
        return found["packages"]

    def relocate(self):
        """Makes it independent of where it was built: scripts find their Python beside them."""
        own = os.path.abspath("venv/bin").encode()
        for name in os.listdir("venv/bin"):
            path = os.path.join("venv/bin", name)
            if name.lower().startswith("activate"):
                os.unlink(path)
            elif os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    content = file.read()
                first, _, rest = content.partition(b"\n")
                if first.startswith(b"#!/bin/sh") and own in rest[:4096]:
                    first, _, rest = rest.partition(b"' '''\n")
                elif not (first.startswith(b"#!") and own in first):
                    continue
                with open(path, "wb") as file:
                    file.write(SCRIPT.encode() + rest)
        with open("venv/pyvenv.cfg") as file:
            lines = [line for line in file if not line.startswith("command")]
        with open("venv/pyvenv.cfg", "w") as file:
            file.writelines(lines)

    def pack(self, most):
        with tarfile.open("environment.tar.gz.tmp", "w:gz", compresslevel=6) as tar:
            tar.add("venv", arcname=".", filter=nobodys)
        with open("environment.tar.gz.tmp", "rb") as file:
            digest = hashlib.sha256()
            for piece in iter(lambda: file.read(1 << 20), b""):
                digest.update(piece)
        packed = os.path.getsize("environment.tar.gz.tmp")
        if packed > most:
            raise Failed("size", "Packed it has %d MB, more than an environment may have (slipway.environments.max-packed)." % (packed >> 20))
        os.rename("environment.tar.gz.tmp", "environment.tar.gz")
        return {"sha256": digest.hexdigest(), "packed": packed}


CHECK = r"""
import json, re, sys
tool, packages = sys.argv[1:]
sys.path.insert(0, tool)
from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
from pip._vendor.packaging.version import InvalidVersion
try:
    from importlib.metadata import distributions
    found = [(d.metadata["Name"], d.version, d.requires or []) for d in distributions(path=[packages])]
except ImportError:
    from pip._vendor import pkg_resources
    found = [(d.project_name, d.version, [str(r) for r in d.requires()]) for d in pkg_resources.find_distributions(packages)]
def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()
versions = {plain(name): version for name, version, _ in found if name}
problems = []
for name, version, requires in found:
    for text in requires:
        try:
            need = Requirement(text)
            if need.marker and not need.marker.evaluate({"extra": ""}):
                continue
            has = versions.get(plain(need.name))
            if has is None:
                problems.append("%s %s requires %s, which is not installed." % (name, version, need.name))
            elif need.specifier and not need.specifier.contains(has, prereleases=True):
                problems.append("%s %s has requirement %s, but you have %s %s." % (name, version, need, need.name, has))
        except (InvalidRequirement, InvalidVersion):
            pass
json.dump({"packages": [{"name": n, "version": v} for n, v in sorted((n, v) for n, v, _ in found if n)], "problems": problems[:50]}, sys.stdout)
"""


def told(log):
    """What pip says in its log alone: which answers of the index it passed over."""
    try:
        with open(log, encoding="utf-8", errors="replace") as file:
            return "\n".join(line for line in file.read(LONGEST_LOG).split("\n") if "ould not fetch URL" in line or "Caused by" in line)
    except OSError:
        return ""


def nobodys(member):
    """Readable by whoever unpacks it for somebody else."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


def size(folder):
    total = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size
            except OSError:
                pass
    return total


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
