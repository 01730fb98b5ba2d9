"""Runs a project on the cluster's primary node: primary_node.py <URI of the launch file>

Fetches the launch file, the project and the launcher into a directory of its own, runs `spark-submit --deploy-mode client` there with the
unpacked project as working directory (on the node itself, or in a Docker image), removes the directory and ends as spark-submit did.

What somebody sent is only ever handed on as words of a command, never as text for a shell. Standard library only; the syntax is held
to Python 3.7.
"""
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile
import zipfile

SPARK_SUBMIT_IN_IMAGE = "/usr/lib/spark/bin/spark-submit"

# Of the primary node, for an image that brings Java and Python alone.
NODE_FOLDERS = [
    "/etc/hadoop",
    "/etc/hive",
    "/etc/spark",
    "/usr/lib/hadoop",
    "/usr/lib/hadoop-hdfs",
    "/usr/lib/hadoop-lzo",
    "/usr/lib/hadoop-mapreduce",
    "/usr/lib/hadoop-yarn",
    "/usr/lib/spark",
    "/usr/share/aws",
]


class Stopped(Exception):
    """Somebody cancelled the step."""


def main(launch_uri):
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    work = tempfile.mkdtemp(prefix="slipway-", dir=os.getcwd())  # for nobody else: the launch file holds secrets
    try:
        return run(work, launch_uri)
    except Stopped:
        return 128 + signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        shutil.rmtree(work, onerror=make_writable)


def stop(number, frame):
    raise Stopped()


def run(work, launch_uri):
    launch_file = os.path.join(work, "launch.json")
    fetch(launch_uri, launch_file)
    with open(launch_file, encoding="utf-8") as file:
        launch = json.load(file)
    node = launch["primaryNode"]
    project = os.path.join(work, "project")
    unpack(fetch(node["project"], os.path.join(work, "project.zip")), project)
    launcher = fetch(node["launcher"], os.path.join(work, "launcher.py"))
    options = list(node["sparkSubmit"])
    if node.get("environmentArchive"):
        options += ["--conf", "spark.pyspark.driver.python=" + environment(work, node["environmentArchive"])]
    words = options + [launcher, ".", launch_file]
    if node.get("container"):
        return wait(docker(work, node, [SPARK_SUBMIT_IN_IMAGE] + words), project, dict(os.environ))
    return wait(["spark-submit"] + words, project, dict(os.environ, SPARK_SUBMIT_OPTS=jvm_options(work)))


def fetch(uri, path):
    command = ["aws", "s3", "cp", "--only-show-errors", uri, path]
    if uri.startswith(("hdfs:", "s3a:")):
        command = ["hadoop", "fs", "-copyToLocal", uri, path]
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
            file.extractall(folder)
        os.remove(archive)
    return os.path.join(folder, "bin", "python")


def jvm_options(work):
    # Older releases log to files under this property, which is set in YARN's containers alone: here they would be /stdout
    # and /stderr.
    logs = os.path.join(work, "logs")
    os.makedirs(logs, exist_ok=True)
    ours = "-Dspark.yarn.app.container.log.dir=" + logs
    return (os.environ.get("SPARK_SUBMIT_OPTS", "") + " " + ours).strip()


def docker(work, node, words):
    image = node["container"]
    command = docker_command() + ["run", "--rm", "--init", "--network", "host"]
    command += ["--name", "slipway-" + node["submissionKey"], "--user", "%d:%d" % (os.getuid(), os.getgid())]
    command += ["--volume", work + ":" + work, "--workdir", os.path.join(work, "project")]
    for folder in NODE_FOLDERS:
        if os.path.isdir(folder):
            command += ["--volume", folder + ":" + folder + ":ro"]
    for mount in image["mounts"]:
        command += ["--volume", mount]
    for variable in (
        "HADOOP_CONF_DIR=/etc/hadoop/conf",
        "SPARK_CONF_DIR=/etc/spark/conf",
        "SPARK_HOME=/usr/lib/spark",
        "SPARK_SUBMIT_OPTS=" + jvm_options(work),
    ):
        command += ["--env", variable]
    return command + ["--entrypoint", words[0], image["image"]] + words[1:]


def docker_command():
    """The user of steps is not in Docker's group, but may become root."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if shutil.which("docker") is None:
        sys.exit("There is no docker on the primary node: mode container needs it there.")
    return ["docker"] if subprocess.call(["docker", "info"], **quiet) == 0 else ["sudo", "-n", "docker"]


def wait(command, folder, variables):
    child = subprocess.Popen(command, cwd=folder, env=variables, start_new_session=True)
    try:
        status = child.wait()
    except Stopped:
        end(child)
        raise
    return status if status >= 0 else 128 - status


def end(child):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
            child.wait(timeout=20)
            return
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return


def make_writable(function, path, failure):
    """The project may have taken its own folders' permissions away."""
    try:
        os.chmod(os.path.dirname(path), stat.S_IRWXU)
        function(path)
    except OSError as error:
        print("%s is left behind: %s" % (path, error), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
