"""Starts a project on the driver as `python <entry>`, or `python -m <module>`, would have started it on a laptop.

    launcher.py <link to the unpacked project, or "." for the working directory> <launch file>

YARN unpacks the project once for all containers of a node, read-only, and starts this file from a cache folder. So the
project is copied to a private, writable place in the container, which becomes the working directory; the entry point then runs as
`__main__` with the arguments and the environment that the launch file holds. They travel in a file because a step's arguments
are short, are shown to everybody, and are rewritten by YARN's shell.

Standard library only; the syntax is held to Python 3.7.
"""
import sys

_LOADED_BEFORE = set(sys.modules)

import importlib
import importlib.machinery
import json
import os
import runpy
import shutil
import stat
import time
import types

HERE = "."
WORK = "slipway-work"


def main(link, launch_file):
    with open(launch_file, encoding="utf-8") as file:
        launch = json.load(file)
    work = os.getcwd() if link == HERE else private_copy(os.path.join(os.getcwd(), link))
    os.chdir(work)
    os.environ.update(launch["environment"])
    time.tzset()  # Python has read TZ when it started
    module = launch.get("module")
    entry = None if module else os.path.join(work, *launch["entryPoint"].split("/"))
    # Python put this file's own folder first; the project sees the entry's folder there, as it would without a launcher.
    places = [os.path.dirname(entry) if entry else work, work]
    places += [os.path.join(work, *path.split("/")) for path in launch["pythonPath"]]
    sys.path[:1] = list(dict.fromkeys(places))
    sys.argv[:] = [entry or "-m"] + launch["arguments"]
    forget_what_the_project_shadows(len(dict.fromkeys(places)))
    importlib.invalidate_caches()
    if module:
        run_module(module)
    else:
        run_file(entry)


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


def forget_what_the_project_shadows(places):
    """A project with a json.py of its own must get that one, although this launcher has imported Python's."""
    for name in set(sys.modules) - _LOADED_BEFORE:
        top = name.split(".")[0]
        if is_module(top, sys.path[:places]):
            del sys.modules[name]


def is_module(name, places):
    # A folder without __init__.py has no origin, and comes after Python's own modules.
    spec = importlib.machinery.PathFinder.find_spec(name, places)
    return spec is not None and spec.origin is not None


def run_file(entry):
    loader = importlib.machinery.SourceFileLoader("__main__", entry)
    code = guarded(lambda: loader.source_to_code(loader.get_data(entry), entry))
    run(code, loader, {"__file__": entry})


class CannotStart(Exception):
    """There is no such module, or it is none that can be started."""


def run_module(name):
    try:
        # What python -m itself calls: it finds and refuses the same, in the same words.
        _, spec, code = guarded(lambda: runpy._get_module_details(name, CannotStart), CannotStart)
    except CannotStart as refusal:
        sys.exit("%s: %s" % (sys.executable, refusal))
    sys.argv[0] = spec.origin
    run(code, spec.loader, {"__file__": spec.origin, "__cached__": spec.cached, "__spec__": spec, "__package__": spec.parent})


def run(code, loader, names):
    # Not runpy: its stand-in for __main__ is taken away when the script's last line is done, which threads and exit
    # handlers of the project would notice.
    module = types.ModuleType("__main__")
    module.__loader__ = loader
    module.__builtins__ = __builtins__
    module.__annotations__ = {}
    module.__dict__.update(names)
    sys.modules["__main__"] = module
    guarded(lambda: exec(code, module.__dict__))


def guarded(action, *passed):
    """Shows a failure without the launcher's own frames, which are no part of the project."""
    try:
        return action()
    except (SystemExit,) + passed:
        raise
    except BaseException as failure:
        traceback = failure.__traceback__.tb_next.tb_next
        sys.excepthook(type(failure), failure.with_traceback(traceback), traceback)
        sys.exit(130 if isinstance(failure, KeyboardInterrupt) else 1)


if __name__ == "__main__":
    main(*sys.argv[1:3])
