"""Spark's own daemon of Python workers, in a copy of the project that is this container's own.

Spark starts `python -m <this file>` on each executor (`spark.python.daemon.module`) in the container's folder, beside the link to the
unpacked project. Functions find the project's files by relative paths, write beside them, import the same modules in the same
order and see the same environment as the driver does.

Standard library and pyspark only; the syntax is held to Python 3.7.
"""
import importlib
import json
import os
import shutil
import stat
import sys
import tempfile
import time

PROJECT = "slipway-project"
LAUNCH = "slipway-launch.json"
WORK = "slipway-work"

# A larger file is not copied for each executor where a link to the shared one will do.
LARGE = 1 << 20

# What Spark itself tells a worker.
OF_SPARK = ("PYTHON", "PYSPARK", "SPARK_")


def main():
    container = os.getcwd()
    set_environment(os.path.join(container, LAUNCH))
    project = os.path.join(container, PROJECT)
    if os.path.isdir(project):
        work = os.path.join(container, WORK)
        private_copy(project, work)
        sys.path[:] = absolute_paths(sys.path, container, work)
        if os.environ.get("PYTHONPATH"):
            inherited = absolute_paths(os.environ["PYTHONPATH"].split(os.pathsep), container, work)
            os.environ["PYTHONPATH"] = os.pathsep.join(inherited)
    from pyspark import daemon

    keep_spark_files(container)
    if os.path.isdir(project):
        os.chdir(work)
    daemon.manager()


def set_environment(launch_file):
    if not os.path.isfile(launch_file):
        return
    with open(launch_file, encoding="utf-8") as file:
        environment = json.load(file)["environment"]
    for name, value in environment.items():
        if not (name in os.environ and name.startswith(OF_SPARK)):
            os.environ[name] = value
    programs_of_the_environment()
    time.tzset()


def programs_of_the_environment():
    """What the packages of a virtual environment have installed as programs is found first by those that the project starts."""
    programs = os.path.dirname(os.path.abspath(sys.executable))
    folder = os.path.dirname(programs)
    if any(os.path.exists(os.path.join(folder, mark)) for mark in ("pyvenv.cfg", "conda-meta")):
        os.environ["PATH"] = os.pathsep.join([programs] + [each for each in [os.environ.get("PATH")] if each])


def private_copy(project, work):
    """YARN's tree is one for all containers of a node, and read-only. An executor may start several daemons: the first one copies."""
    if os.path.isdir(work):
        return
    unfinished = tempfile.mkdtemp(prefix=WORK + "-", dir=os.path.dirname(work))
    try:
        copy = os.path.join(unfinished, WORK)
        shutil.copytree(project, copy, symlinks=True, copy_function=copy_file)
        os.chmod(copy, stat.S_IRWXU)
        for folder, folders, _ in os.walk(copy):
            for name in folders:
                path = os.path.join(folder, name)
                if not os.path.islink(path):
                    os.chmod(path, stat.S_IRWXU)
        try:
            os.rename(copy, work)
        except OSError:
            if not os.path.isdir(work):
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def copy_file(source, target):
    # A link must not lead to a shared file that could be written through it, as it could by root.
    if os.path.getsize(source) > LARGE and not os.access(source, os.W_OK):
        os.symlink(os.path.realpath(source), target)
    else:
        shutil.copy2(source, target)
        os.chmod(target, stat.S_IMODE(os.stat(target).st_mode) | stat.S_IRUSR | stat.S_IWUSR)


def absolute_paths(paths, container, work):
    """The project's own first, as on the driver; Spark's worker itself adds the container's folder, behind the first of them."""
    project = os.path.join(container, PROJECT)
    ours, others = [], []
    for path in paths:
        path = os.path.normpath(os.path.join(container, path))
        if path == project or path.startswith(project + os.sep):
            ours.append(work + path[len(project) :])
        elif path != container:
            others.append(path)
    return ours + others


def keep_spark_files(container):
    """What `addFile` and `addPyFile` bring lies in ".", as the worker is told: to it, that must go on to be the container's folder."""

    def in_container(path):
        return os.path.normpath(os.path.join(container, path))

    def wrapped(add_path):
        return lambda path, *more: add_path(in_container(path), *more)

    # Spark 4 has both elsewhere, and imports some of it only in the worker.
    for module in map(optional, ("pyspark.worker", "pyspark.worker_util")):
        if hasattr(module, "add_path"):
            module.add_path = wrapped(module.add_path)
    files = optional("pyspark.core.files") or optional("pyspark.files")
    if hasattr(files, "SparkFiles"):
        root = files.SparkFiles.getRootDirectory
        files.SparkFiles.getRootDirectory = classmethod(lambda cls: in_container(root()))


def optional(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


if __name__ == "__main__":
    main()
