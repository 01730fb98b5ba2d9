"""Runs a project on the cluster's primary node: primary_node.py <URI of the launch file>

Fetches the launch file, the project and the launcher into a directory of its own, runs `spark-submit --deploy-mode client` there with the
unpacked project as working directory (on the node itself, or in a Docker image), removes the directory and ends as spark-submit did.

What somebody sent is only ever handed on as words of a command, never as text for a shell. Standard library only; the syntax is held
to Python 3.7.
"""
import json
import os
import re
import select
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile
import zipfile

SPARK_SUBMIT_IN_IMAGE = "/usr/lib/spark/bin/spark-submit"

# Of the primary node, for an image that brings Java and Python alone. Hadoop asks the system for its user's name.
USERS = ["/etc/passwd", "/etc/group"]
CONFIGURATION = ["/etc/hadoop/conf", "/etc/hive/conf", "/etc/spark/conf"]
FOLDERS = [
    "/usr/lib/hadoop",
    "/usr/lib/hadoop-hdfs",
    "/usr/lib/hadoop-lzo",
    "/usr/lib/hadoop-mapreduce",
    "/usr/lib/hadoop-yarn",
    "/usr/lib/spark",
    "/usr/share/aws",
]


ECR = re.compile(r"(\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?)/.+")

# Docker reads no line of 64 KiB.
LONGEST_LINE = 10000

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


class Stopped(Exception):
    """Somebody cancelled the step."""


def main(launch_uri):
    work = tempfile.mkdtemp(prefix="slipway-", dir=os.getcwd())  # for nobody else: the launch file holds secrets
    try:
        for number in STOP_SIGNALS:
            signal.signal(number, stop)
        return run(work, launch_uri)
    except Stopped:
        return 128 + signal.SIGTERM
    finally:
        ignore_signals()
        remove(work)


def stop(number, frame):
    ignore_signals()  # one is enough, and what follows must not be interrupted
    raise Stopped()


def ignore_signals():
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def run(work, launch_uri):
    launch_file = os.path.join(work, "launch.json")
    fetch(launch_uri, launch_file)
    with open(launch_file, encoding="utf-8") as file:
        launch = json.load(file)
    node = launch["primaryNode"]
    project = os.path.join(work, "project")
    unpack(fetch(node["project"], os.path.join(work, "project.zip")), project)
    launcher = fetch(node["launcher"], os.path.join(work, "launcher.py"))
    live = live_channel(work, launch, project)
    if live is None:
        return submit(work, launch, project, launcher)
    try:
        status = submit(work, launch, project, launcher)
    except Stopped:
        live.cancelled()
        raise
    live.ended(status)
    return status


def submit(work, launch, project, launcher):
    launch_file = os.path.join(work, "launch.json")
    node = launch["primaryNode"]
    options = list(node["sparkSubmit"])
    if node.get("environmentArchive"):
        options += ["--conf", "spark.pyspark.driver.python=" + environment(work, node["environmentArchive"])]
    words = options + [launcher, ".", launch_file]
    # Java reads some of them, too (TZ, AWS_REGION ...).
    variables = dict(os.environ, **launch["environment"])
    variables["SPARK_SUBMIT_OPTS"] = jvm_options(work, variables)
    if node.get("container"):
        return Docker(work, node).run(variables, launch["environment"], words)
    if shutil.which("spark-submit") is None:
        sys.exit("There is no spark-submit on the primary node: is Spark one of the cluster's applications?")
    return wait([shutil.which("spark-submit")] + words, project, variables)


def live_channel(work, launch, project):
    """Without it the program runs as well."""
    node = launch["primaryNode"]
    if not node.get("live") or not launch.get("live"):
        return None
    program = os.path.join(work, os.path.basename(node["live"]))
    if quietly(fetching(node["live"], program)) != 0:
        return None
    try:
        return LiveChannel(work, program, dict(launch["live"], work=project))
    except OSError:
        return None


class LiveChannel:
    """Has a process of its own (live) show what the step prints, and how it ends.

    The launcher, wherever spark-submit starts it, says there by a named pipe how to reach the JVM, and how the program has ended. An
    image sees the pipe in the same folder, and has the node's network: its JVM is reached as one of the node itself.
    """

    PIPE = "live-told"
    WAITED = "live-waited"
    LONGEST_WAIT = 2.0

    def __init__(self, work, program, settings):
        self.results = settings.get("results") or {}
        pipe = os.path.join(work, self.PIPE)
        self.waited = os.path.join(work, self.WAITED)
        os.mkfifo(pipe, 0o600)
        self.told = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        self.done, done = os.pipe()
        settings.update(pid=os.getpid(), told=self.told, done=done, primaryNode=True, waited=self.waited)
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-s", "-S", program, json.dumps(settings)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(self.told, done),
                env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            )
        finally:
            os.close(done)

    def ended(self, status):
        """A program that was held up by its launcher is not held up again."""
        longest = 0.0 if os.path.exists(self.waited) and not self.results else self.LONGEST_WAIT
        self.tell({"status": status}, longest + self.results.get("seconds", 0))

    def cancelled(self):
        """Who cancels does not wait for results."""
        self.tell({"status": 128 + signal.SIGTERM, "signal": int(signal.SIGTERM)}, self.LONGEST_WAIT)

    def tell(self, told, seconds):
        try:
            os.write(self.told, json.dumps(told).encode("utf-8") + b"\n")
            select.select([self.done], [], [], seconds)
        except (OSError, Stopped):
            pass  # the step ends as its program did
        self.process.poll()


def fetching(uri, path):
    if uri.startswith(("hdfs:", "s3a:")):
        return ["hadoop", "fs", "-copyToLocal", uri, path]
    return ["aws", "s3", "cp", "--only-show-errors", uri, path]


def fetch(uri, path):
    command = fetching(uri, path)
    status = subprocess.call(command)
    if status != 0:
        sys.exit("%s could not be fetched: %s ended with %d" % (uri, command[0], status))
    return path


def unpack(archive, folder):
    with zipfile.ZipFile(archive) as file:
        for entry in file.infolist():
            path = file.extract(entry, folder)
            mode = stat.S_IMODE(entry.external_attr >> 16)
            if mode and not entry.is_dir():
                os.chmod(path, mode | stat.S_IRUSR | stat.S_IWUSR)
    os.remove(archive)
    os.makedirs(folder, exist_ok=True)


def environment(work, uri):
    archive = fetch(uri, os.path.join(work, "environment-" + os.path.basename(uri)))
    folder = os.path.join(work, "environment")
    if zipfile.is_zipfile(archive):
        unpack(archive, folder)
    else:
        with tarfile.open(archive) as file:
            # The links of venv-pack lead to the machine's own Python, which Python 3.14 refuses unless it is told.
            trusted = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}
            file.extractall(folder, **trusted)
        os.remove(archive)
    return os.path.join(folder, "bin", "python")


def jvm_options(work, variables):
    # Older releases log to files under this property, which is set in YARN's containers alone: here they would be /stdout
    # and /stderr.
    logs = os.path.join(work, "logs")
    os.makedirs(logs, exist_ok=True)
    ours = "-Dspark.yarn.app.container.log.dir=" + logs
    return (variables.get("SPARK_SUBMIT_OPTS", "") + " " + ours).strip()


class Docker:
    """A container with the primary node's own network, Hadoop and Spark."""

    def __init__(self, work, node):
        self.work = work
        self.name = "slipway-" + node["submissionKey"]
        self.image = node["container"]["image"]
        self.mounts = node["container"]["mounts"]
        self.command = docker_command()

    def run(self, variables, of_job, words):
        self.log_in()
        command = self.command + ["run", "--rm", "--init", "--network", "host", "--name", self.name]
        command += ["--user", "%d:%d" % (os.getuid(), os.getgid())]
        command += ["--workdir", os.path.join(self.work, "project")]
        for volume in self.volumes():
            command += ["--volume", volume]
        command += ["--env-file", self.environment(of_job)]
        for variable in (
            "HADOOP_CONF_DIR=/etc/hadoop/conf",
            "SPARK_CONF_DIR=/etc/spark/conf",
            "SPARK_HOME=/usr/lib/spark",
            "SPARK_SUBMIT_OPTS=" + variables["SPARK_SUBMIT_OPTS"],
        ):
            command += ["--env", variable]
        command += ["--entrypoint", SPARK_SUBMIT_IN_IMAGE, self.image] + words
        try:
            return wait(command, self.work, dict(os.environ), self.stop)
        except Stopped:
            quietly(self.command + ["rm", "-f", self.name])  # when it was only just being made
            raise

    def stop(self):
        # Signals reach Docker's client at best: the container is a child of Docker's own daemon.
        quietly(self.command + ["stop", "-t", "20", self.name])

    def volumes(self):
        volumes = [self.work + ":" + self.work]
        # /etc/hadoop/conf and its like may be links, which lead nowhere in the image.
        volumes += [os.path.realpath(path) + ":" + path + ":ro" for path in CONFIGURATION if os.path.isdir(path)]
        volumes += [path + ":" + path + ":ro" for path in USERS + FOLDERS if os.path.exists(path)]
        settled = [mount.split(":")[1] for mount in self.mounts if ":" in mount]  # Docker refuses two for one path
        return [volume for volume in volumes if volume.split(":")[1] not in settled] + self.mounts

    def environment(self, variables):
        """In a file: everybody on the node may read a command. The launcher sets what does not fit on one line."""
        path = os.path.join(self.work, "environment.list")
        with open(path, "w", encoding="utf-8") as file:
            for name, value in variables.items():
                if "\n" not in value and "\r" not in value and len(value) < LONGEST_LINE:
                    file.write("%s=%s\n" % (name, value))
        return path

    def log_in(self):
        registry = ECR.fullmatch(self.image)
        if not registry:
            return
        # Below the work directory, so that it goes with it.
        folder = os.path.join(self.work, "docker")
        os.makedirs(folder)
        self.command += ["--config", folder]
        host, region = registry.groups()
        password = subprocess.run(["aws", "ecr", "get-login-password", "--region", region], stdout=subprocess.PIPE)
        if password.returncode != 0:
            sys.exit("No password for %s: aws ecr get-login-password ended with %d" % (host, password.returncode))
        login = subprocess.run(
            self.command + ["login", "--username", "AWS", "--password-stdin", host],
            input=password.stdout,
            stdout=subprocess.DEVNULL,
        )
        if login.returncode != 0:
            sys.exit("%s refused the login: docker login ended with %d" % (host, login.returncode))


def docker_command():
    """The user of steps is not in Docker's group, but may become root."""
    if shutil.which("docker") is None:
        sys.exit("There is no docker on the primary node: mode container needs it there.")
    return ["docker"] if quietly(["docker", "info"]) == 0 else ["sudo", "-n", "docker"]


def quietly(command):
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait(command, folder, variables, stop_first=None):
    # Between the start of the process and the try, a signal would leave it alone.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS),
        )
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
            status = child.wait()
        except Stopped:
            if stop_first:
                stop_first()
            end(child)
            raise
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    return status if status >= 0 else 128 - status


def end(child):
    for number in (signal.SIGTERM, signal.SIGKILL):
        send(child.pid, number)
        try:
            child.wait(timeout=20)
            return
        except subprocess.TimeoutExpired:
            continue


def send(group, number):
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return
    except PermissionError:
        quietly(["sudo", "-n", "kill", "-%d" % number, "--", "-%d" % group])


def remove(folder):
    """Whatever the project did to its folders' permissions. What became of the step is settled, so this never fails."""
    try:
        permit(folder)
        shutil.rmtree(folder, ignore_errors=True)
    except Exception as failure:
        print(failure, file=sys.stderr)
    if os.path.exists(folder):
        print("%s could not be removed" % folder, file=sys.stderr)


def permit(folder):
    os.chmod(folder, stat.S_IRWXU)
    for parent, folders, _ in os.walk(folder):  # from above: a folder is opened after its own turn
        for name in folders:
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                try:
                    os.chmod(path, stat.S_IRWXU)
                except OSError:
                    pass  # of another user


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
